package org.espalier.launch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.espalier.kernels.Pointwise;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;

/**
 * Cuts uploads and launches into TornadoVM's task graphs. Every array belongs to the graph that uploads it; graphs that run launches name
 * only what these use, and take its buffers from there.
 */
final class TaskGraphs {
    /** A task graph takes 256 tasks. */
    private static final int MOST_TASKS = 256;

    /** A graph's nodes: three for each array it names, and for a task itself, what it writes, and its numbers. */
    private static final int MOST_NODES = 1000;

    /** What a task graph describes its tasks in; a task takes 15 and 5 for each argument. */
    private static final int MOST_BYTES = 8192;

    /** Arrays that are uploaded together: of a larger set, one that the host has changed need not take along all. */
    private static final int MOST_UPLOADED = 48;

    private final uk.ac.manchester.tornado.api.common.TornadoDevice device;
    private final Map<Object, SharedGraph> owners = new IdentityHashMap<>();
    private int number;

    TaskGraphs(uk.ac.manchester.tornado.api.common.TornadoDevice device) {
        this.device = device;
    }

    /** The graph that the array belongs to. */
    SharedGraph owner(Object array) {
        return owners.get(array);
    }

    /** Sets of arrays that one graph can upload: TornadoVM tells the arrays of a graph apart by their hash codes alone. */
    static List<Set<Object>> uploads(Collection<Object> arrays) {
        List<Set<Object>> sets = new ArrayList<>();
        Set<Integer> codes = new HashSet<>();
        for (Object array : arrays) {
            if (sets.isEmpty() || codes.size() == MOST_UPLOADED || !codes.add(System.identityHashCode(array))) {
                sets.add(SeparateMemory.identitySet());
                codes = new HashSet<>(Set.of(System.identityHashCode(array)));
            }
            sets.getLast().add(array);
        }
        return sets;
    }

    /** A graph that puts arrays into buffers of its own. It needs a task, so it has one that copies a number. */
    SharedGraph upload(Set<Object> arrays) {
        SharedGraph graph = new SharedGraph("upload" + number++);
        float[] from = new float[1], to = new float[1];
        graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, from);
        graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, arrays.toArray());
        graph.addTask(
                Launch.of("nothing", 1, Pointwise::copy, to, from, 0).task().apply("nothing"));
        graph.persistOnDevice(arrays.toArray());
        graph.persistOnDevice(from, to);
        graph.finish(device);
        for (Object array : arrays) owners.put(array, graph);
        return graph;
    }

    /** @return the graphs that one after the other run {@code launches} */
    List<SharedGraph> run(String part, List<Launch> launches) {
        List<SharedGraph> graphs = new ArrayList<>();
        for (int from = 0; from < launches.size(); ) {
            int to = from + fitting(launches.subList(from, launches.size()));
            graphs.add(graph(part + number++, launches.subList(from, to)));
            from = to;
        }
        return graphs;
    }

    /** How many of {@code launches} go into one graph. */
    private static int fitting(List<Launch> launches) {
        Set<Object> arrays = SeparateMemory.identitySet();
        Set<Integer> codes = new HashSet<>();
        int bytes = 0, nodes = 0, count = 0;
        for (Launch launch : launches) {
            int arguments = launch.arguments().size();
            bytes += 15 + 5 * arguments;
            nodes += 1 + launch.writes().size() + arguments;
            for (Object array : SeparateMemory.arrays(List.of(launch))) {
                if (arrays.add(array)) nodes += 3;
                codes.add(System.identityHashCode(array));
            }
            boolean apart = codes.size() == arrays.size();
            if (count == MOST_TASKS || bytes > MOST_BYTES || nodes > MOST_NODES || !apart) {
                if (count == 0) throw new DeviceException("TornadoVM cannot tell two arrays apart; run this again");
                break;
            }
            count++;
        }
        return count;
    }

    private SharedGraph graph(String name, List<Launch> launches) {
        SharedGraph graph = new SharedGraph(name);
        Map<SharedGraph, Set<Object>> taken = new IdentityHashMap<>();
        for (Object array : SeparateMemory.arrays(launches))
            taken.computeIfAbsent(owner(array), _ -> SeparateMemory.identitySet())
                    .add(array);
        taken.forEach(graph::take);
        int task = 0;
        for (Launch launch : launches) graph.add("t" + task++ + "-" + plain(launch.name()), launch);
        graph.finish(device);
        return graph;
    }

    /** A name as it can stand in device code. */
    private static String plain(String name) {
        return name.replaceAll("[^A-Za-z0-9_]", "_");
    }
}
