package org.espalier.reliability;

import java.lang.management.ManagementFactory;

/** How busy this machine is with other things: limits in seconds hold for a quiet one. */
final class Machine {
    private Machine() {}

    /** 1 on a quiet machine, n where n processes wait for each core. */
    static double slowness() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return Math.max(1, load / Runtime.getRuntime().availableProcessors());
    }
}
