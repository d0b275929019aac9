package org.espalier.launch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.runtime.ExecutorFrame;

/**
 * Arrays and launches as task graphs of TornadoVM. They are made at the first upload, when it is known what the host feeds: arrays are
 * uploaded in sets, those that kernels write, those that nobody writes, and for each part those that the host feeds it.
 */
final class TornadoMemory implements SeparateMemory.Memory {
    /** TornadoVM's execution plans count from 1; those here are apart from them. */
    private static final AtomicLong NUMBERS = new AtomicLong(1_000_000);

    private final uk.ac.manchester.tornado.api.common.TornadoDevice device;
    private final Rehearsal rehearsal;
    private final List<List<Launch>> parts;
    private final Set<Object> arrays;
    private final Map<SharedGraph, Set<Object>> uploads = new LinkedHashMap<>();
    private final List<List<SharedGraph>> runs = new ArrayList<>();
    private final ExecutorFrame frame = frame();
    private TaskGraphs graphs;
    private boolean begun;

    /** @param rehearsal compares kernels with the CPU's before the first run, and says which to take */
    TornadoMemory(
            uk.ac.manchester.tornado.api.common.TornadoDevice device, Rehearsal rehearsal, List<List<Launch>> parts) {
        this.device = device;
        this.rehearsal = rehearsal;
        this.parts = parts;
        this.arrays = SeparateMemory.identitySet();
        for (List<Launch> part : parts) arrays.addAll(SeparateMemory.arrays(part));
    }

    /** What graphs of one memory are executed with. */
    static ExecutorFrame frame() {
        return new ExecutorFrame(NUMBERS.getAndIncrement());
    }

    @Override
    public Collection<Object> together(Set<Object> stale, List<Set<Object>> fed) {
        if (graphs == null) buildUploads(fed);
        List<Object> all = new ArrayList<>();
        for (Set<Object> upload : uploads.values()) if (upload.stream().anyMatch(stale::contains)) all.addAll(upload);
        return all;
    }

    private void buildUploads(List<Set<Object>> fed) {
        Set<Object> rest = SeparateMemory.identitySet();
        rest.addAll(arrays);
        Set<Object> fromHost = SeparateMemory.identitySet();
        fed.forEach(fromHost::addAll);
        Set<Object> computed = SeparateMemory.identitySet();
        for (List<Launch> part : parts) for (Launch launch : part) computed.addAll(launch.writes());
        computed.removeAll(fromHost);
        graphs = new TaskGraphs(device);
        take(computed, rest);
        Set<Object> constant = SeparateMemory.identitySet();
        constant.addAll(rest);
        constant.removeAll(fromHost);
        take(constant, rest);
        for (Set<Object> some : fed) take(some, rest);
    }

    /** Once it is known which kernels are fastest. */
    private void buildRuns() {
        rehearsal.check(parts.stream().flatMap(List::stream).toList());
        for (List<Launch> part : parts) {
            List<Launch> chosen = part.stream()
                    .flatMap(launch -> rehearsal.choices().chosen(launch).stream())
                    .toList();
            runs.add(graphs.run("part" + runs.size() + "s", chosen));
        }
    }

    /** Moves {@code some}, as far as they are there, from {@code rest} into uploads of their own. */
    private void take(Set<Object> some, Set<Object> rest) {
        List<Object> taken = new ArrayList<>();
        for (List<Launch> part : parts)
            for (Object array : SeparateMemory.arrays(part))
                if (some.contains(array) && rest.remove(array)) taken.add(array);
        for (Set<Object> set : TaskGraphs.uploads(taken)) uploads.put(graphs.upload(set), set);
    }

    @Override
    public void upload(Collection<Object> some) {
        if (!begun) buildRuns();
        begun = true;
        Set<Object> wanted = SeparateMemory.identitySet();
        wanted.addAll(some);
        uploads.forEach((graph, set) -> {
            if (wanted.contains(set.iterator().next())) graph.execute(frame);
        });
    }

    @Override
    public void run(int part) {
        for (SharedGraph graph : runs.get(part)) graph.execute(frame);
    }

    /** The graphs that run the parts' launches. */
    List<List<SharedGraph>> graphs() {
        return runs;
    }

    /** From now on, TornadoVM measures what it executes, which takes time itself, or does so no more. */
    void profile(boolean on) {
        if (on) frame.setProfilerMode(ProfilerMode.SILENT);
        else frame.setProfilerOff();
    }

    @Override
    public void download(Object array) {
        graphs.owner(array).download(array);
    }

    @Override
    public long bytes() {
        return arrays.stream().mapToLong(SeparateMemory::bytes).sum();
    }

    @Override
    public void close() {
        uploads.keySet().forEach(SharedGraph::free);
    }
}
