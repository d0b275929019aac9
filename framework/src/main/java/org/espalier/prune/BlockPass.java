package org.espalier.prune;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.espalier.engine.Graph;
import org.espalier.engine.Tensor;
import org.espalier.launch.Device;
import org.espalier.launch.Launch;
import org.espalier.launch.Plan;
import org.espalier.models.Block;

/** One block, traced alone, and the examples that are led through it. Pruning it in between needs no new trace. */
final class BlockPass {
    private record Traced(Tensor in, Tensor out, Plan plain, Plan gathering) {}

    private final Device device;
    private final Block block;
    private final HiddenStates states;
    private final InputStatistics statistics;
    private final Map<Integer, Traced> traces = new HashMap<>();

    BlockPass(Device device, Block block, HiddenStates states, InputStatistics statistics) {
        this.device = device;
        this.block = block;
        this.states = states;
        this.statistics = statistics;
    }

    /**
     * Leads all examples through the block.
     *
     * @param gather whether statistics are gathered
     * @param advance whether the results become what enters the next block
     */
    void run(boolean gather, boolean advance) {
        Traced traced = null;
        for (int b = 0; b < states.batches(); b++) {
            traced = traces.computeIfAbsent(states.examples(b), this::trace);
            states.put(b, traced.in);
            Plan plan = gather ? traced.gathering : traced.plain;
            plan.wrote(traced.in.value());
            plan.run();
            if (!advance) continue;
            plan.read(traced.out.value());
            states.take(b, traced.out);
        }
        if (gather) traces.values().forEach(t -> statistics.read(t.gathering));
        if (advance) states.moved(traced.out);
    }

    /** Says that the block's parameters were written. */
    void wrote() {
        for (Traced traced : traces.values()) block.parameters().forEach(p -> traced.plain.wrote(p.value()));
    }

    private Traced trace(int examples) {
        Graph graph = Graph.forCalibration();
        Tensor in = states.tensor(graph, block.name() + ".in", examples);
        Set<Launch> gathering = statistics.watch(graph, states.length());
        Tensor out = block.forward(graph, in, states.length());
        List<Launch> all = graph.launches();
        List<Launch> plain = all.stream().filter(l -> !gathering.contains(l)).toList();
        return new Traced(in, out, device.compile(plain), device.compile(all));
    }
}
