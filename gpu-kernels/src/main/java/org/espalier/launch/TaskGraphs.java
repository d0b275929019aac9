package org.espalier.launch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.espalier.kernels.Touch;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;

/**
 * Cuts launches into TornadoVM's task graphs, all of which share the arrays on the device.
 *
 * <p>A graph takes over the arrays of the graph that was executed just before it, and of no other; and it may name only arrays that its
 * own tasks use. So that any graph may follow any other, each one names all arrays: those that its launches leave out are read by
 * tasks that do nothing else. Uploads are graphs of their own, one for each set of arrays that are uploaded together; the first
 * owns its arrays alone, each further one takes over what those before it hold.
 */
final class TaskGraphs {
    /** A task graph takes 256 tasks. */
    private static final int MOST_TASKS = 256;

    /** More arrays cannot be named by one graph and leave room for launches. */
    static final int MOST_ARRAYS = 250;

    /** A graph's nodes: three for each array it names, and for a task itself, what it writes, and its numbers. */
    private static final int MOST_NODES = 1000;

    /** What a task graph describes its tasks in; a task takes 15 and 5 for each argument. */
    private static final int MOST_BYTES = 8192;

    private static final int FLOATS_PER_TOUCH = 12;

    private final Set<Object> all = SeparateMemory.identitySet();

    /** What tasks that only name arrays read besides, and write: two arrays, for a task that reads what it writes hangs TornadoVM. */
    private final float[] still = new float[1];

    private final float[] sink = new float[1];
    private final List<ImmutableTaskGraph> graphs = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final List<Set<Object>> named = new ArrayList<>();
    private int touches;

    /** @param uploads sets without common arrays, all arrays of the launches to come together */
    TaskGraphs(List<Set<Object>> uploads) {
        refuseTwins(uploads);
        for (Set<Object> upload : uploads) upload(upload);
    }

    /** TornadoVM tells arrays apart by their hash codes alone, which once in thousands of plans are the same for two. */
    private static void refuseTwins(List<Set<Object>> uploads) {
        Set<Integer> codes = new HashSet<>();
        for (Set<Object> upload : uploads)
            for (Object array : upload)
                if (!codes.add(System.identityHashCode(array)))
                    throw new DeviceException("TornadoVM cannot tell two arrays of this plan apart; run this again");
    }

    List<ImmutableTaskGraph> graphs() {
        return graphs;
    }

    private void upload(Set<Object> own) {
        TaskGraph graph = begin("upload" + graphs.size());
        graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, own.toArray());
        if (all.isEmpty()) graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, still, sink);
        all.addAll(own);
        touch(graph, all);
        end(graph);
    }

    /** @return the numbers of the graphs that together run {@code launches} */
    List<Integer> add(String part, List<Launch> launches) {
        List<Integer> numbers = new ArrayList<>();
        for (int from = 0; from < launches.size(); ) {
            int to = from + fitting(launches.subList(from, launches.size()));
            numbers.add(graphs.size());
            graph(part, launches.subList(from, to));
            from = to;
        }
        return numbers;
    }

    /** How many of {@code launches} go into one graph, beside the tasks that name all arrays. */
    private int fitting(List<Launch> launches) {
        int tasks = touchesFor(all), bytes = tasks * bytes(1 + FLOATS_PER_TOUCH + 2), count = 0;
        int nodes = 3 * (all.size() + 2) + 4 * tasks;
        for (Launch launch : launches) {
            int arguments = launch.arguments().size();
            bytes += bytes(arguments);
            nodes += 1
                    + launch.writes().size()
                    + arguments
                    - SeparateMemory.arrays(List.of(launch)).size();
            if (++tasks > MOST_TASKS || bytes > MOST_BYTES || nodes > MOST_NODES) break;
            count++;
        }
        return Math.max(1, count);
    }

    private static int bytes(int arguments) {
        return 15 + 5 * arguments;
    }

    private void graph(String part, List<Launch> launches) {
        TaskGraph graph = begin(part + graphs.size());
        Set<Object> missing = SeparateMemory.identitySet();
        missing.addAll(all);
        missing.removeAll(SeparateMemory.arrays(launches));
        touch(graph, missing);
        int number = 0;
        for (Launch launch : launches) graph.addTask(launch.task().apply("t" + number++ + "-" + plain(launch.name())));
        end(graph);
    }

    private TaskGraph begin(String name) {
        TaskGraph graph = new TaskGraph(name);
        for (int before = 0; before < graphs.size(); before++) {
            graph.consumeFromDevice(names.get(before), named.get(before).toArray());
            graph.consumeFromDevice(names.get(before), still, sink);
        }
        return graph;
    }

    private void end(TaskGraph graph) {
        Set<Object> copy = SeparateMemory.identitySet();
        copy.addAll(all);
        graph.persistOnDevice(copy.toArray());
        graph.persistOnDevice(still, sink);
        names.add(graph.getTaskGraphName());
        named.add(copy);
        graphs.add(graph.snapshot());
    }

    private static int touchesFor(Collection<Object> arrays) {
        int floats = 0;
        for (Object array : arrays) if (array instanceof float[]) floats++;
        return floats / FLOATS_PER_TOUCH + 1 + arrays.size() - floats;
    }

    /** Names arrays in {@code graph} by tasks that read them; at least one, so that every graph names what those need. */
    private void touch(TaskGraph graph, Set<Object> arrays) {
        List<float[]> floats = new ArrayList<>();
        for (Object array : arrays) {
            if (array instanceof float[] f) floats.add(f);
            else graph.addTask(task(Launch.of("touch", 1, Touch::ints, sink, (int[]) array)));
        }
        do floats.add(still);
        while (floats.size() % FLOATS_PER_TOUCH != 0);
        for (Iterator<float[]> a = floats.iterator(); a.hasNext(); )
            graph.addTask(task(Launch.of(
                    "touch",
                    1,
                    Touch::floats,
                    sink,
                    a.next(),
                    a.next(),
                    a.next(),
                    a.next(),
                    a.next(),
                    a.next(),
                    a.next(),
                    a.next(),
                    a.next(),
                    a.next(),
                    a.next(),
                    a.next())));
    }

    private TaskPackage task(Launch launch) {
        return launch.task().apply("touch" + touches++);
    }

    /** A name as it can stand in device code. */
    private static String plain(String name) {
        return name.replaceAll("[^A-Za-z0-9_]", "_");
    }
}
