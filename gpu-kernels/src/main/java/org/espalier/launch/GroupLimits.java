package org.espalier.launch;

/**
 * What a device has room for in a group of work items.
 *
 * @param items work items
 * @param localBytes of memory that they share
 */
record GroupLimits(long items, long localBytes) {
    static final GroupLimits NONE = new GroupLimits(Long.MAX_VALUE, Long.MAX_VALUE);

    static GroupLimits of(uk.ac.manchester.tornado.api.common.TornadoDevice device) {
        var physical = device.getPhysicalDevice();
        return new GroupLimits(known(physical.getMaxThreadsPerBlock()), known(physical.getDeviceLocalMemorySize()));
    }

    /** Drivers say −1 of what they did not ask for. */
    private static long known(long limit) {
        return limit > 0 ? limit : Long.MAX_VALUE;
    }

    boolean hold(Twin twin) {
        return twin.parts().stream()
                .allMatch(part ->
                        part.items() <= items && KernelMethod.of(part.kernel()).localBytes() <= localBytes);
    }
}
