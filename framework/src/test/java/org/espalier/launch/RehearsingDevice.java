package org.espalier.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Runs everything on the CPU, and the first launch of each kernel on a GPU as well, to compare them. */
public final class RehearsingDevice implements Device {
    private final CpuDevice cpu = new CpuDevice(1);
    private final Rehearsal rehearsal;

    public RehearsingDevice(TornadoDevice gpu) {
        rehearsal = gpu.rehearsal();
    }

    /** The kernels that gave the same values on both, as {@code MatMul.nt}. */
    public Set<String> compared() {
        return rehearsal.compared();
    }

    @Override
    public String name() {
        return "cpu beside a GPU";
    }

    @Override
    public List<Plan> compileTogether(List<List<Launch>> parts) {
        List<Plan> plans = new ArrayList<>();
        for (List<Launch> part : parts) {
            List<Launch> launches = part.stream().filter(l -> l.extent() > 0).toList();
            Plan plan = cpu.compile(part);
            plans.add(new Plan() {
                private boolean begun;

                @Override
                public void run() {
                    if (!begun) rehearsal.check(launches);
                    begun = true;
                    plan.run();
                }

                @Override
                public void read(Object array) {}

                @Override
                public void wrote(Object array) {}
            });
        }
        return plans;
    }

    @Override
    public void host(int extent, int grain, Launch.Slice body) {
        cpu.host(extent, grain, body);
    }

    @Override
    public void close() {
        cpu.close();
    }
}
