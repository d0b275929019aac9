package org.espalier.cli;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.espalier.report.Comparison;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "compare",
        description = "Compare two runs: what their specs say differently, and what they measured last.")
final class CompareCommand implements Callable<Integer> {
    @Mixin
    private Output output;

    @Parameters(index = "0", paramLabel = "FIRST", description = "A run's folder, or its name/key in reports/runs.")
    private String first;

    @Parameters(index = "1", paramLabel = "SECOND", description = "Another one.")
    private String second;

    @Override
    public Integer call() throws IOException {
        Comparison comparison = Comparison.of(Home.run(first), Home.run(second));
        output.result(comparison, () -> text(comparison));
        return 0;
    }

    private static String text(Comparison comparison) {
        StringBuilder text = new StringBuilder();
        if (comparison.settings().isEmpty()) text.append("the specs say the same\n");
        for (Comparison.Setting setting : comparison.settings())
            text.append("%s: %s | %s%n".formatted(setting.path(), shown(setting.first()), shown(setting.second())));
        text.append("%n%-44s %14s %14s %14s%n".formatted("metric, last turn", "first", "second", "second - first"));
        for (Comparison.Metric metric : comparison.metrics())
            text.append("%-44s %14s %14s %14s%n"
                    .formatted(
                            metric.name(),
                            number(metric.first(), metric.firstSeeds()),
                            number(metric.second(), metric.secondSeeds()),
                            number(metric.difference(), 1)));
        return text.toString();
    }

    private static String shown(String value) {
        return value.isEmpty() ? "-" : value;
    }

    /** A mean says over how many seeds, if over several. */
    private static String number(double value, int seeds) {
        if (Double.isNaN(value)) return "-";
        return String.format(Locale.ROOT, "%.6g", value) + (seeds > 1 ? " (n=" + seeds + ")" : "");
    }
}
