package org.espalier.launch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/**
 * Arrays and launches as one execution plan of TornadoVM. Its task graphs are made at the first upload, when it is known what the host
 * feeds: arrays are uploaded in sets, those that kernels write, those that nobody writes, and for each part those that the host feeds it.
 */
final class TornadoMemory implements SeparateMemory.Memory {
    private final uk.ac.manchester.tornado.api.common.TornadoDevice device;
    private final Rehearsal rehearsal;
    private final List<List<Launch>> parts;
    private final Set<Object> arrays;
    private List<Set<Object>> uploads;
    private List<List<Integer>> graphs;
    private TornadoExecutionPlan plan;
    private TornadoExecutionResult result;
    private final Set<Integer> begun = new HashSet<>();

    /** The graph that was executed last. */
    private int last;

    /** @param rehearsal compares kernels with the CPU's before the first run; null: nothing does */
    TornadoMemory(
            uk.ac.manchester.tornado.api.common.TornadoDevice device, Rehearsal rehearsal, List<List<Launch>> parts) {
        this.device = device;
        this.rehearsal = rehearsal;
        this.parts = parts;
        this.arrays = SeparateMemory.identitySet();
        for (List<Launch> part : parts) arrays.addAll(SeparateMemory.arrays(part));
    }

    @Override
    public Collection<Object> together(Set<Object> stale, List<Set<Object>> fed) {
        if (plan == null) build(fed);
        List<Object> all = new ArrayList<>();
        for (Set<Object> upload : uploads) if (upload.stream().anyMatch(stale::contains)) all.addAll(upload);
        return all;
    }

    private void build(List<Set<Object>> fed) {
        Set<Object> rest = SeparateMemory.identitySet();
        rest.addAll(arrays);
        Set<Object> fromHost = SeparateMemory.identitySet();
        fed.forEach(fromHost::addAll);
        Set<Object> computed = SeparateMemory.identitySet();
        for (List<Launch> part : parts) for (Launch launch : part) computed.addAll(launch.writes());
        computed.removeAll(fromHost);
        uploads = new ArrayList<>();
        take(computed, rest);
        Set<Object> constant = SeparateMemory.identitySet();
        constant.addAll(rest);
        constant.removeAll(fromHost);
        take(constant, rest);
        for (Set<Object> some : fed) take(some, rest);
        TaskGraphs made = new TaskGraphs(uploads);
        graphs = new ArrayList<>();
        for (int part = 0; part < parts.size(); part++) graphs.add(made.add("part" + part + "s", parts.get(part)));
        plan = new TornadoExecutionPlan(made.graphs().toArray(ImmutableTaskGraph[]::new));
        plan.withDevice(device);
    }

    /** Moves {@code some}, as far as they are there, from {@code rest} into a set of their own. */
    private void take(Set<Object> some, Set<Object> rest) {
        Set<Object> taken = SeparateMemory.identitySet();
        for (Object array : arrays) if (some.contains(array) && rest.contains(array)) taken.add(array);
        if (taken.isEmpty()) return;
        rest.removeAll(taken);
        uploads.add(taken);
    }

    @Override
    public void upload(Collection<Object> some) {
        if (result == null && rehearsal != null)
            rehearsal.check(parts.stream().flatMap(List::stream).toList());
        for (int i = 0; i < uploads.size(); i++)
            if (some.contains(uploads.get(i).iterator().next())) execute(i);
    }

    @Override
    public void run(int part) {
        if (begun.add(part)) introduce();
        graphs.get(part).forEach(this::execute);
    }

    /**
     * A part's first graph learns where the arrays are from the graph that was executed before it. Of the uploads only the last names
     * all arrays, so where another one came last, that one is executed again with what the device has.
     */
    private void introduce() {
        int full = uploads.size() - 1;
        if (last >= full) return;
        Map<Object, Object> onHost = new IdentityHashMap<>();
        plan.withGraph(full);
        for (Object array : uploads.get(full)) {
            onHost.put(array, Rehearsal.copy(array));
            result.transferToHost(array);
        }
        execute(full);
        onHost.forEach((array, values) -> Rehearsal.restore(values, array));
    }

    private void execute(int graph) {
        result = plan.withGraph(graph).execute();
        last = graph;
    }

    @Override
    public void download(Object array) {
        result.transferToHost(array);
    }

    @Override
    public void close() {
        if (plan == null) return;
        try {
            plan.close();
        } catch (TornadoExecutionPlanException e) {
            throw new IllegalStateException("the device did not give back its memory: " + e.getMessage(), e);
        }
    }
}
