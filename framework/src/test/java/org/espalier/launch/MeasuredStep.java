package org.espalier.launch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A step on a device, with its parts' times: what the host sees, and what TornadoVM's profiler says of each launch. */
public final class MeasuredStep implements AutoCloseable {
    private static final Pattern TIME =
            Pattern.compile("\"[^\"]*\\.t(\\d+)-[^\"]*\": \\{[^}]*?\"TASK_KERNEL_TIME\": \"(\\d+)\"");

    private final RecordedStep step;
    private final TornadoDevice gpu;
    private final List<List<Launch>> parts;
    private final TornadoMemory memory;
    private final List<Set<Object>> used = new ArrayList<>();
    private final Map<SharedGraph, Integer> read = new HashMap<>();

    /**
     * @param upload seconds until what the host wrote was there
     * @param run seconds until all launches had run, their dispatch included
     * @param download seconds until what the host reads had come back
     */
    public record Seconds(double upload, double run, double download) {
        public double all() {
            return upload + run + download;
        }
    }

    public MeasuredStep(TornadoDevice gpu, RecordedStep step) {
        this.step = step;
        this.gpu = gpu;
        parts = step.parts().stream()
                .map(part -> part.stream().filter(l -> l.extent() > 0).toList())
                .toList();
        memory = gpu.prepare(parts);
        Set<Object> all = SeparateMemory.identitySet();
        for (List<Launch> part : parts) {
            used.add(SeparateMemory.arrays(part));
            all.addAll(used.getLast());
        }
        memory.upload(memory.together(all, step.fed()));
    }

    /** The task graphs of a step. */
    public int graphs() {
        return memory.graphs().stream().mapToInt(List::size).sum();
    }

    public Seconds run() {
        return run(true);
    }

    /** @param reading whether what the host reads is brought back: the profiler writes to standard output if it is */
    private Seconds run(boolean reading) {
        double upload = 0, run = 0, download = 0;
        Set<Object> stale = SeparateMemory.identitySet();
        for (RecordedStep.Event event : step.events()) {
            long start = System.nanoTime();
            switch (event) {
                case RecordedStep.Wrote(int _, Object array) -> stale.add(array);
                case RecordedStep.Read(int _, Object array) -> {
                    if (reading) memory.download(array);
                    download += System.nanoTime() - start;
                }
                case RecordedStep.Run(int part) -> {
                    Set<Object> needed = SeparateMemory.identitySet();
                    needed.addAll(stale);
                    needed.retainAll(used.get(part));
                    stale.removeAll(needed);
                    if (!needed.isEmpty()) memory.upload(memory.together(needed, step.fed()));
                    long uploaded = System.nanoTime();
                    memory.run(part);
                    upload += uploaded - start;
                    run += System.nanoTime() - uploaded;
                }
            }
        }
        return new Seconds(upload / 1e9, run / 1e9, download / 1e9);
    }

    /** Seconds that each launch of a step takes on the device, in their order, from one step with the profiler. */
    public double[] kernels() {
        memory.profile(true);
        run(false);
        memory.profile(false);
        List<Double> seconds = new ArrayList<>();
        for (RecordedStep.Event event : step.events())
            if (event instanceof RecordedStep.Run(int part)) {
                List<Double> tasks = new ArrayList<>();
                for (SharedGraph graph : memory.graphs().get(part)) tasks.addAll(kernels(graph));
                seconds.addAll(byLaunch(parts.get(part), tasks));
            }
        return seconds.stream().mapToDouble(s -> s).toArray();
    }

    /** A tuned twin may be several tasks. */
    private List<Double> byLaunch(List<Launch> launches, List<Double> tasks) {
        List<Double> seconds = new ArrayList<>();
        int task = 0;
        for (Launch launch : launches) {
            double sum = 0;
            for (int i = gpu.chosen(launch).size(); i > 0; i--) sum += tasks.get(task++);
            seconds.add(sum);
        }
        return seconds;
    }

    /** What the log of the graph, to which every execution adds, says of the last one. */
    private List<Double> kernels(SharedGraph graph) {
        String log = graph.inner().getProfileLog();
        Map<Integer, Double> times = new HashMap<>();
        Matcher matcher = TIME.matcher(log);
        for (int from = read.getOrDefault(graph, 0); matcher.find(from); from = matcher.end())
            times.put(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)) / 1e9);
        read.put(graph, log.length());
        List<Double> ordered = new ArrayList<>();
        for (int task = 0; task < times.size(); task++) ordered.add(times.get(task));
        return ordered;
    }

    @Override
    public void close() {
        memory.close();
    }
}
