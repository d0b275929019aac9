package org.espalier.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "mask",
        description = "Show what a run kept, or how two runs differ in it.",
        subcommands = {MaskCommand.Show.class, MaskCommand.Diff.class},
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
final class MaskCommand {
    private MaskCommand() {}

    @Command(name = "show", description = "Show how many weights of each layer a run kept.")
    static final class Show implements Callable<Integer> {
        /** A layer, or all of them together. */
        record Layer(String parameter, int kept, int weights) {
            double density() {
                return kept / (double) weights;
            }
        }

        @Mixin
        private Output output;

        @Parameters(paramLabel = "RUN", description = "A run's folder, or a safetensors file.")
        private String run;

        @Override
        public Integer call() throws IOException {
            List<Layer> layers = new ArrayList<>();
            Masks.read(run)
                    .byParameter()
                    .forEach((name, mask) -> layers.add(new Layer(name, Masks.kept(mask), mask.length)));
            layers.add(new Layer(
                    "all",
                    layers.stream().mapToInt(Layer::kept).sum(),
                    layers.stream().mapToInt(Layer::weights).sum()));
            output.result(layers, () -> table(layers));
            return 0;
        }

        private static String table(List<Layer> layers) {
            StringBuilder text = new StringBuilder(row("parameter", "kept", "of", "density"));
            for (Layer layer : layers)
                text.append(row(layer.parameter(), "" + layer.kept(), "" + layer.weights(), percent(layer.density())));
            return text.toString();
        }

        private static String row(String parameter, String kept, String weights, String density) {
            return String.format("%-24s %12s %12s %9s%n", parameter, kept, weights, density);
        }
    }

    @Command(name = "diff", description = "Compare the weights that two runs kept, layer by layer.")
    static final class Diff implements Callable<Integer> {
        /** {@code overlap} is the share of the weights that either kept which both kept; 1 where neither kept any. */
        record Layer(String parameter, int both, int onlyFirst, int onlySecond) {
            double overlap() {
                int either = both + onlyFirst + onlySecond;
                return either == 0 ? 1 : both / (double) either;
            }

            Layer plus(Layer other) {
                return new Layer(
                        parameter, both + other.both, onlyFirst + other.onlyFirst, onlySecond + other.onlySecond);
            }
        }

        @Mixin
        private Output output;

        @Parameters(index = "0", paramLabel = "FIRST", description = "A run's folder, or a safetensors file.")
        private String first;

        @Parameters(index = "1", paramLabel = "SECOND", description = "Another one of the same network.")
        private String second;

        @Override
        public Integer call() throws IOException {
            Masks one = Masks.read(first);
            Masks other = Masks.read(second);
            if (!one.byParameter().keySet().equals(other.byParameter().keySet()))
                throw new IOException(
                        "these are not the same networks: " + one.byParameter().keySet() + " and "
                                + other.byParameter().keySet());
            List<Layer> layers = new ArrayList<>();
            for (String name : one.byParameter().keySet())
                layers.add(compare(
                        name, one.byParameter().get(name), other.byParameter().get(name)));
            layers.add(layers.stream().reduce(new Layer("all", 0, 0, 0), Layer::plus));
            output.result(layers, () -> table(layers));
            return 0;
        }

        private static Layer compare(String name, boolean[] one, boolean[] other) throws IOException {
            if (one.length != other.length)
                throw new IOException(
                        name + " has " + one.length + " weights in one and " + other.length + " in the other");
            int both = 0;
            for (int i = 0; i < one.length; i++) if (one[i] && other[i]) both++;
            return new Layer(name, both, Masks.kept(one) - both, Masks.kept(other) - both);
        }

        private static String table(List<Layer> layers) {
            StringBuilder text = new StringBuilder(row("parameter", "both", "only first", "only second", "overlap"));
            for (Layer layer : layers)
                text.append(row(
                        layer.parameter(),
                        "" + layer.both(),
                        "" + layer.onlyFirst(),
                        "" + layer.onlySecond(),
                        percent(layer.overlap())));
            return text.toString();
        }

        private static String row(String parameter, String both, String first, String second, String overlap) {
            return String.format("%-24s %12s %12s %12s %9s%n", parameter, both, first, second, overlap);
        }
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }
}
