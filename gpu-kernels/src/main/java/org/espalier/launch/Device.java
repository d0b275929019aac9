package org.espalier.launch;

import java.util.List;

/** Something that can replay launches. */
public interface Device extends AutoCloseable {
    /** What {@link #arithmetic} says of the CPU, whatever the number of threads. */
    String CPU = "cpu";

    /** What the device is called in reports, for example {@code cpu}. */
    String name();

    /** Makes a plan of launches, to be run in the given order. */
    default Plan compile(List<Launch> launches) {
        return compileTogether(List.of(launches)).getFirst();
    }

    /** Whose arithmetic it is: devices of which this says the same give the same bits. */
    default String arithmetic() {
        return CPU;
    }

    /**
     * Makes one plan of each list of launches, with something of the host's between them: what one leaves on the device is there for
     * the others.
     */
    List<Plan> compileTogether(List<List<Launch>> parts);

    /** Runs work of the host's own (assembling a batch, say) on the device's threads, cut like a launch. */
    void host(int extent, int grain, Launch.Slice body);

    @Override
    void close();
}
