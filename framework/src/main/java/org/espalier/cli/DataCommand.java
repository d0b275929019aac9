package org.espalier.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.espalier.data.fetch.CachedDataset;
import org.espalier.data.fetch.Fetch;
import org.espalier.data.fetch.Shell;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "data",
        description = "Fetch datasets, or list them.",
        subcommands = {DataCommand.Fetching.class, DataCommand.Listing.class},
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
final class DataCommand {
    private DataCommand() {}

    @Command(name = "fetch", description = "Fetch datasets into datasets/cache and check every file's SHA-256.")
    static final class Fetching implements Callable<Integer> {
        @Mixin
        private Output output;

        @Parameters(arity = "1..*", paramLabel = "NAME", description = "For example mnist.")
        private List<String> names;

        @Override
        public Integer call() throws IOException {
            Map<String, String> folders = new LinkedHashMap<>();
            Fetch fetch = new Fetch(Home.datasets(), Shell.system(), output::note);
            for (String name : names) {
                CachedDataset dataset = fetch.cached(name);
                dataset.check();
                folders.put(name, dataset.folder().toString());
            }
            output.result(folders, () -> String.join("\n", folders.values()));
            return 0;
        }
    }

    @Command(name = "list", description = "List the datasets that can be fetched, and whether they are here.")
    static final class Listing implements Callable<Integer> {
        @Mixin
        private Output output;

        @Override
        public Integer call() throws IOException {
            List<DatasetStatus> all = DatasetStatus.all(Home.datasets());
            output.result(all, () -> all.stream().map(Listing::line).collect(Collectors.joining("\n")));
            return 0;
        }

        private static String line(DatasetStatus dataset) {
            return String.format(
                    Locale.ROOT,
                    "%-16s %6.1f MB  %-11s  %s; %s",
                    dataset.name(),
                    dataset.bytes() / 1e6,
                    dataset.here() ? "here" : "not fetched",
                    dataset.title(),
                    dataset.licence());
        }
    }
}
