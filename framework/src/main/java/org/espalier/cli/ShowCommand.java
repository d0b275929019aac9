package org.espalier.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.espalier.experiment.Program;
import org.espalier.experiment.RunFolder;
import org.espalier.experiment.Stage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "show", description = "Show the resolved spec and its plan: stages, weights, memory, time.")
final class ShowCommand implements Callable<Integer> {
    private static final int SHOWN = 24;

    @Mixin
    private Output output;

    @Mixin
    private Target target;

    @Mixin
    private ChosenDevice device;

    @Option(names = "--resolved", description = "Only the resolved spec, which can be run as it is.")
    private boolean resolvedOnly;

    @Override
    public Integer call() {
        ChosenDevice.Facts there = device.facts();
        Program program = target.program().on(there.arithmetic());
        String resolved = program.experiment().resolved();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("name", program.experiment().name());
        result.put("key", program.key().digest());
        result.put("seeds", program.experiment().seeds());
        result.put("stages", program.stages().stream().map(Stage::path).toList());
        result.put("cost", program.cost());
        if (there.memory().isPresent())
            result.put("device_memory", there.memory().getAsLong());
        result.put("resolved", resolved);
        output.result(result, () -> resolvedOnly ? resolved : resolved.stripTrailing() + "\n\n" + plan(program, there));
        return 0;
    }

    private static String plan(Program program, ChosenDevice.Facts there) {
        List<String> paths = program.stages().stream().map(Stage::path).toList();
        StringBuilder text = new StringBuilder();
        line(text, "run", RunFolder.of(Home.reports(), program).path());
        line(text, "seeds", program.experiment().seeds());
        line(text, "stages", paths.size() + " a seed");
        paths.stream().limit(SHOWN).forEach(path -> line(text, "", path));
        if (paths.size() > SHOWN)
            line(text, "", "… " + (paths.size() - SHOWN) + " more, the last is " + paths.getLast());
        Program.Cost cost = program.cost();
        line(text, "steps", String.format(Locale.ROOT, "%,d updates in all", cost.steps()));
        line(text, "weights", String.format(Locale.ROOT, "%,d", cost.weights()));
        line(text, "memory", String.format(Locale.ROOT, "about %.0f MB", cost.bytes() / 1e6));
        there.memory().ifPresent(bytes -> line(text, "", there.on(bytes, cost.bytes())));
        if (cost.streamed() > 0)
            line(text, "", String.format(Locale.ROOT, "%.0f MB of weights stay in their files", cost.streamed() / 1e6));
        String least = cost.unknown().isEmpty() ? "about " : "at least ";
        line(text, "time", least + Gauge.clockTime(cost.seconds()) + " on two cores, a guess");
        cost.estimated()
                .forEach((part, count) ->
                        line(text, "", part + ": about " + count + " windows, by the size of its text"));
        for (String part : cost.unknown())
            line(text, "", part + ": unknown how many; what goes over them is not in the time");
        return text.toString();
    }

    private static void line(StringBuilder text, String name, Object value) {
        text.append(String.format("%-9s%s%n", name, value));
    }
}
