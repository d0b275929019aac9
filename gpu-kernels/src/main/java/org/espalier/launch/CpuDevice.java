package org.espalier.launch;

import java.util.List;

/** Replays launches on CPU threads. Results do not depend on the number of threads, bit for bit. */
public final class CpuDevice implements Device {
    private final Workers workers;
    private final boolean plainKernels;

    public CpuDevice(int threads) {
        this(threads, false);
    }

    private CpuDevice(int threads, boolean plainKernels) {
        this.workers = new Workers(threads);
        this.plainKernels = plainKernels;
    }

    /** As many threads as there are processors, or as the system property {@code espalier.threads} says. */
    public static CpuDevice ofThisMachine() {
        return new CpuDevice(
                Integer.getInteger("espalier.threads", Runtime.getRuntime().availableProcessors()));
    }

    /** A device that leaves the fast host bodies aside and runs the kernels themselves: the reference in tests. */
    public static CpuDevice ofPlainKernels() {
        return new CpuDevice(1, true);
    }

    @Override
    public String name() {
        return "cpu";
    }

    public int threads() {
        return workers.threads();
    }

    @Override
    public List<Plan> compileTogether(List<List<Launch>> parts) {
        return parts.stream().map(this::plan).toList();
    }

    private Plan plan(List<Launch> launches) {
        Launch[] ordered = launches.stream().filter(l -> l.extent() > 0).toArray(Launch[]::new);
        return new Plan() {
            @Override
            public void run() {
                for (Launch launch : ordered)
                    workers.run(launch.extent(), launch.grain(), plainKernels ? launch.plain() : launch.host());
            }

            @Override
            public void read(Object array) {}

            @Override
            public void wrote(Object array) {}
        };
    }

    @Override
    public void host(int extent, int grain, Launch.Slice body) {
        workers.run(extent, grain, body);
    }

    @Override
    public void close() {
        workers.close();
    }
}
