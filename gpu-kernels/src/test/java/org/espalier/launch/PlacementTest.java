package org.espalier.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

class PlacementTest {
    @Test
    void sendsAThreadToAnotherCore() throws InterruptedException {
        assumeTrue(Placement.cpu() >= 0, "cores are told apart on Linux only");
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "there is one core only");
        int[] seen = {-1, -1, 0};
        Thread thread = new Thread(() -> {
            seen[0] = Placement.cpu();
            Placement.keepOff(Placement.thread(), seen[0]);
            for (int i = 0; i < 100_000; i++) if (Placement.cpu() == seen[0]) seen[2]++;
            int other = Placement.cpu();
            Placement.keepOff(Placement.thread(), other);
            seen[1] = Placement.cpu() == other ? -1 : Placement.cpu();
        });
        thread.start();
        thread.join();
        assertThat(seen[0]).isNotNegative();
        assertThat(seen[2]).as("times seen on the core it was kept off").isZero();
        assertThat(seen[1])
                .as("kept off another core, it may have the first again")
                .isNotNegative();
    }

    @Test
    void leavesAThreadWhereThereIsNothingToMove() {
        Placement.keepOff(-1, 0);
        Placement.keepOff(Placement.thread(), -1);
        Placement.keepOff(Placement.thread(), 1 << 20);
        assertThat(Placement.cpu()).isGreaterThanOrEqualTo(-1);
    }
}
