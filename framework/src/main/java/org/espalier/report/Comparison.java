package org.espalier.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.espalier.spec.Node;

/**
 * Two runs side by side.
 *
 * @param settings what their specs say differently
 * @param metrics every number that both or either measured once a turn, in the last turn
 */
public record Comparison(List<Setting> settings, List<Metric> metrics) {
    /** A value of the resolved specs; empty where one has none. */
    public record Setting(String path, String first, String second) {}

    /** Means over the seeds, NaN where a run did not measure it, and the number of seeds. */
    public record Metric(String name, double first, int firstSeeds, double second, int secondSeeds) {
        public double difference() {
            return second - first;
        }
    }

    /** Compares two run directories. */
    public static Comparison of(Path first, Path second) throws IOException {
        RunFiles one = RunFiles.read(first);
        RunFiles other = RunFiles.read(second);
        return new Comparison(settings(one.spec(), other.spec()), metrics(one.measured(), other.measured()));
    }

    private static List<Setting> settings(Node one, Node other) {
        Map<String, String> first = flat(one);
        Map<String, String> second = flat(other);
        Set<String> paths = new TreeSet<>(first.keySet());
        paths.addAll(second.keySet());
        return paths.stream()
                .filter(path -> !Objects.equals(first.get(path), second.get(path)))
                .map(path -> new Setting(path, first.getOrDefault(path, ""), second.getOrDefault(path, "")))
                .toList();
    }

    private static Map<String, String> flat(Node root) {
        Map<String, String> texts = new TreeMap<>();
        flatten(root, "", texts);
        return texts;
    }

    private static void flatten(Node node, String path, Map<String, String> into) {
        switch (node) {
            case Node.Scalar text -> into.put(path, text.text());
            case Node.Sequence list -> {
                for (int i = 0; i < list.items().size(); i++)
                    flatten(list.items().get(i), path + "[" + (i + 1) + "]", into);
            }
            case Node.Mapping map ->
                map.entries()
                        .forEach((key, entry) -> flatten(entry.value(), path.isEmpty() ? key : path + "." + key, into));
        }
    }

    private static List<Metric> metrics(Measured one, Measured other) {
        Set<String> names = new LinkedHashSet<>(one.perTurn());
        names.addAll(other.perTurn());
        List<Metric> metrics = new ArrayList<>();
        for (String name : names) {
            Spread first = last(one, name);
            Spread second = last(other, name);
            metrics.add(new Metric(name, first.mean(), first.count(), second.mean(), second.count()));
        }
        return metrics;
    }

    private static Spread last(Measured run, String name) {
        return run.spread(name, run.turns(name).stream().reduce(0, Math::max));
    }
}
