package org.espalier.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.espalier.kernels.Pointwise;
import org.junit.jupiter.api.Test;

class SeparateMemoryTest {
    private static final int LENGTH = 1000;

    private static Plan doubling(Device device) {
        float[] x = new float[LENGTH], y = new float[LENGTH];
        return device.compile(List.of(Launch.of("double", LENGTH, Pointwise::scale, y, x, 2f, 0)));
    }

    @Test
    void refusesAPlanThatTheDeviceHasNoRoomFor() {
        try (ApartDevice device = ApartDevice.of(20_000)) {
            Plan first = doubling(device), second = doubling(device);
            assertThatThrownBy(() -> doubling(device))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageContaining("plans in use hold 0.0 MB: there is no room for one of 0.0 MB");
            first.run();
            second.run();
        }
    }

    @Test
    void takesTheRoomOfPlansThatNobodyHolds() {
        try (ApartDevice device = ApartDevice.of(20_000)) {
            for (int plan = 0; plan < 50; plan++) doubling(device).run();
            assertThat(device.held()).isLessThanOrEqualTo(20_000);
        }
    }

    @Test
    void freesAllWhenItIsClosed() {
        ApartDevice device = ApartDevice.of(20_000);
        Plan plan = doubling(device);
        plan.run();
        assertThat(device.held()).isEqualTo(8L * LENGTH);
        device.close();
        assertThat(device.held()).isZero();
    }
}
