package org.espalier.data.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResamplingTest {
    private static final double[][] WEIGHTS = {{5, 1, 4, 2, 3}, {5, 1, 4, 2, 3}};

    @Test
    void takesTheLargestWithoutNoise() throws IOException {
        assertThat(choose(2).getFirst().stream()).containsExactly(0, 2);
    }

    @Test
    void letsSeparateTargetsChooseFromWhatIsLeft() throws IOException {
        List<BitSet> chosen = choose(2, 2);
        assertThat(chosen.get(0).stream()).containsExactly(0, 2);
        assertThat(chosen.get(1).stream()).containsExactly(3, 4);
        assertThat(choose(0, 2).get(1).stream()).containsExactly(0, 2);
    }

    @Test
    void refusesAsManyAsThereAre() {
        assertThatThrownBy(() -> choose(5)).hasMessageContaining("cannot choose 5 of 5 documents");
        assertThatThrownBy(() -> choose(2, 3)).hasMessageContaining("cannot choose 3 of 3 documents");
    }

    @Test
    void refusesASelectionOfNothing() {
        assertThatThrownBy(() -> choose(0)).hasMessageContaining("a selection of nothing");
    }

    @Test
    void sharesOutTheBudgetAsThePackageDoes() {
        assertThat(Resampling.budgets(10, new double[] {1, 1, 1})).containsExactly(3, 3, 4);
        assertThat(Resampling.budgets(7, new double[] {0, 2})).containsExactly(0, 7);
        assertThat(Resampling.budgets(7, new double[] {1})).containsExactly(7);
    }

    @Test
    void keepsTheLargestOfMany() {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 200; round++) {
            int size = random.nextInt(1, 300);
            int k = random.nextInt(1, size + 1);
            double[] values =
                    random.doubles(size, 0, 1).map(v -> Math.floor(40 * v)).toArray();
            Largest largest = new Largest(k);
            for (int i = 0; i < size; i++) largest.add(i, values[i]);
            int[] expected = IntStream.range(0, size)
                    .boxed()
                    .sorted((a, b) -> values[a] == values[b] ? a - b : Double.compare(values[b], values[a]))
                    .limit(k)
                    .mapToInt(i -> i)
                    .sorted()
                    .toArray();
            assertThat(largest.ids().stream().toArray()).isEqualTo(expected);
        }
    }

    /** With weights ln 1 and ln 9 the second is drawn first nine times in ten. */
    @Test
    void drawsByWeight() throws IOException {
        GumbelNoise noise = new GumbelNoise(1);
        int second = 0;
        for (int i = 0; i < 2_000; i++) {
            BitSet chosen = Resampling.choose(
                            (target, visitor) -> {
                                visitor.accept(0, 0);
                                visitor.accept(1, Math.log(9));
                            },
                            new int[] {1},
                            Optional.of(noise))
                    .getFirst();
            second += chosen.get(1) ? 1 : 0;
        }
        assertThat(second).isBetween(1_760, 1_840);
    }

    private static List<BitSet> choose(int... budgets) throws IOException {
        return Resampling.choose(
                (target, visitor) -> {
                    for (int i = 0; i < 5; i++) visitor.accept(i, WEIGHTS[target][i]);
                },
                budgets,
                Optional.empty());
    }
}
