package org.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 128, 1000})
    void holdsWhatAnArrayOfBooleansHolds(int size) {
        boolean[] kept = new boolean[size];
        float[] values = new float[size];
        Random random = new Random(size);
        int count = 0;
        for (int i = 0; i < size; i++) {
            kept[i] = random.nextBoolean();
            values[i] = i + 1;
            if (kept[i]) count++;
        }
        Mask mask = Mask.of(kept);
        assertThat(mask.size()).isEqualTo(size);
        assertThat(mask.kept()).isEqualTo(count);
        assertThat(mask.booleans()).containsExactly(kept);
        assertThat(Mask.of(mask.floats()).booleans()).containsExactly(kept);
        mask.zero(values);
        for (int i = 0; i < size; i++) {
            assertThat(mask.keeps(i)).isEqualTo(kept[i]);
            assertThat(mask.floats()[i]).isEqualTo(kept[i] ? 1f : 0f);
            assertThat(values[i]).isEqualTo(kept[i] ? i + 1f : 0f);
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {0.5f, -1, 2, Float.NaN})
    void takesNothingBetween(float value) {
        assertThatThrownBy(() -> Mask.of(new float[] {1, value})).hasMessageContaining("a mask holds 0 or 1");
    }
}
