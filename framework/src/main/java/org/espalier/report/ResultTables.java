package org.espalier.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** What steps measured once, outside any repeat: a row for each step. */
final class ResultTables {
    /** What most steps tell of brings nobody together. */
    private static final Set<String> EVERYWHERE = Set.of("milliseconds", "weights-left");

    private final Map<String, String> names;
    private final Measured measured;
    private final List<String> paths;

    ResultTables(RunFiles files) {
        this.names = files.report().names();
        this.measured = files.measured();
        Set<String> again = measured.perTurn().stream()
                .filter(path -> !measured.turns(path).equals(Set.of(0)))
                .map(LevelCharts::step)
                .collect(Collectors.toSet());
        this.paths = measured.perTurn().stream()
                .filter(path -> !TurnTables.layer(path) && !again.contains(LevelCharts.step(path)))
                .toList();
    }

    /** All in one, for the file; empty for a run that only repeats. */
    Sheet whole() {
        return sheet(paths);
    }

    /** The same in tables with few holes, for the page: steps that have a metric in common, such as all trainings, share one. */
    List<Sheet> kinds() {
        return together().stream()
                .map(kind -> sheet(paths.stream()
                        .filter(path -> kind.contains(LevelCharts.step(path)))
                        .toList()))
                .toList();
    }

    private List<Set<String>> together() {
        Map<String, Set<String>> topics = new LinkedHashMap<>();
        for (String path : paths) {
            Set<String> own = topics.computeIfAbsent(LevelCharts.step(path), step -> new HashSet<>());
            if (!EVERYWHERE.contains(LevelCharts.leaf(path))) own.add(LevelCharts.leaf(path));
        }
        List<Set<String>> kinds = new ArrayList<>();
        topics.forEach((step, own) -> {
            List<Set<String>> akin = kinds.stream()
                    .filter(kind -> kind.stream().anyMatch(other -> akin(topics.get(other), own)))
                    .toList();
            Set<String> kind = akin.isEmpty() ? new HashSet<>() : akin.getFirst();
            akin.stream().skip(1).forEach(kind::addAll);
            kinds.removeAll(akin.subList(Math.min(1, akin.size()), akin.size()));
            if (akin.isEmpty()) kinds.add(kind);
            kind.add(step);
        });
        return kinds;
    }

    private static boolean akin(Set<String> one, Set<String> other) {
        return one.isEmpty() && other.isEmpty() || !Collections.disjoint(one, other);
    }

    private Sheet sheet(List<String> paths) {
        Sheet sheet = new Sheet("results");
        if (paths.isEmpty()) return sheet;
        Set<String> steps = paths.stream().map(LevelCharts::step).collect(Collectors.toCollection(LinkedHashSet::new));
        sheet.texts("step", steps.stream().map(s -> names.getOrDefault(s, s)).toList());
        for (String metric : paths.stream().map(LevelCharts::leaf).distinct().toList()) {
            Unit unit = Unit.of(metric);
            sheet.numbers(metric, Words.unit(metric), unit, each(steps, metric, Spread::mean));
            if (measured.runs().size() > 1) sheet.deviations(unit, each(steps, metric, Spread::deviation));
        }
        return sheet;
    }

    private double[] each(Set<String> steps, String metric, ToDoubleFunction<Spread> of) {
        return steps.stream()
                .mapToDouble(step -> of.applyAsDouble(measured.spread(step + "/" + metric, 0)))
                .toArray();
    }
}
