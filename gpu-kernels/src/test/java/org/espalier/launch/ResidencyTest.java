package org.espalier.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ResidencyTest {
    @Test
    void anArrayThatNoDeviceKnowsIsTheHosts() {
        float[] array = {1};
        Residency.read(array);
        Residency.wrote(array);
        assertThat(array).containsExactly(1);
    }

    @Test
    void whatADeviceWroteComesHomeOnceWhenAskedFor() {
        float[] array = {1};
        int[] downloads = {0};
        Residency.Holder device = a -> {
            downloads[0]++;
            ((float[]) a)[0] = 7;
        };
        Residency.entry(array);
        Residency.wrote(array, device);
        assertThat(array).containsExactly(1);
        Residency.read(array);
        Residency.read(array);
        assertThat(array).containsExactly(7);
        assertThat(downloads[0]).isOne();
    }

    @Test
    void whatTheHostWroteLaterWins() {
        float[] array = {1};
        Residency.Holder device = a -> ((float[]) a)[0] = 7;
        Residency.Entry entry = Residency.entry(array);
        Residency.wrote(array, device);
        long before = entry.version();
        array[0] = 3;
        Residency.wrote(array);
        Residency.read(array);
        assertThat(array).containsExactly(3);
        assertThat(entry.version()).isGreaterThan(before);
    }

    @Test
    void valuesThatWentWithTheirPlanAreAnErrorAndNotOldValues() {
        float[] array = {1};
        Residency.entry(array);
        Residency.wrote(array, shortLived());
        System.gc();
        assertThatThrownBy(() -> Residency.read(array)).hasMessageContaining("dropped with the plan");
    }

    private static Residency.Holder shortLived() {
        return new Residency.Holder() {
            @Override
            public void download(Object array) {}
        };
    }
}
