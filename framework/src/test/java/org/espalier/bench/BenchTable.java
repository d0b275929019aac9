package org.espalier.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * Puts our times beside the peer's: reads JMH's JSON and the peer's JSON lines, prints a table, and writes it as CSV with the
 * columns work, ours, peer, unit, ratio, goal. A ratio above 1 says that we are faster.
 */
public final class BenchTable {
    /** @param goal the ratio to reach, or 0 where there is none */
    private record Work(String name, String unit, double goal, Function<Ours, OptionalDouble> ours) {
        boolean moreIsBetter() {
            return unit.endsWith("/s");
        }
    }

    private record Row(Work work, OptionalDouble ours, OptionalDouble peer) {
        OptionalDouble ratio() {
            if (ours.isEmpty() || peer.isEmpty()) return OptionalDouble.empty();
            double faster = ours.getAsDouble() / peer.getAsDouble();
            return OptionalDouble.of(work.moreIsBetter() ? faster : 1 / faster);
        }

        String verdict() {
            if (ours.isEmpty()) return "not measured here";
            if (peer.isEmpty()) return "no peer on this machine";
            if (work.goal() == 0) return "";
            return ratio().getAsDouble() >= work.goal() ? "met" : "missed";
        }
    }

    private static final double PRODUCT_OPERATIONS = 2 * Math.pow(ProductBenchmark.SIZE, 3);

    /** Multiplications and additions of an update's products, which no implementation in single precision can leave out. */
    private static final Map<String, Double> OPERATIONS = Map.of(
            "LeNet-300-100 training step (dense)", 60 * (4.0 * 784 * 300 + 6 * (300 * 100 + 100 * 10)),
            "Llama 5.8M training step", LanguageBenchmark.TOKENS * 6.0 * LanguageBenchmark.MULTIPLIED,
            "Llama 5.8M LoRA step (rank 16)", LanguageBenchmark.TOKENS * 4.0 * LanguageBenchmark.MULTIPLIED);

    private static final List<Work> WORKS = List.of(
            new Work(
                    "LeNet-300-100 training step (dense)",
                    "us",
                    3,
                    ours -> scaled(ours, "LenetBenchmark.step 1.0 mnist", 1e6)),
            new Work(
                    "LeNet-300-100 training step (dense, no pixel black)",
                    "us",
                    0,
                    ours -> scaled(ours, "LenetBenchmark.step 1.0 random", 1e6)),
            new Work(
                    "LeNet-300-100 training step (5 % density)",
                    "us", 10, ours -> scaled(ours, "LenetBenchmark.step 0.05 mnist", 1e6)),
            new Work(
                    "lottery run of 20 rounds",
                    "s",
                    5,
                    ours -> scaled(ours, "LotteryBenchmark.run", LotteryBenchmark.PARTS)),
            new Work(
                    "Conv-2 training step (28x28x1)",
                    "ms",
                    1.5,
                    ours -> scaled(ours, "Conv2Benchmark.step 1x28x28", 1e3)),
            new Work(
                    "Conv-2 training step (32x32x3)",
                    "ms",
                    1.5,
                    ours -> scaled(ours, "Conv2Benchmark.step 3x32x32", 1e3)),
            new Work("Llama 5.8M training step", "ms", 2, ours -> scaled(ours, "LanguageBenchmark.step", 1e3)),
            new Work("Llama 5.8M LoRA step (rank 16)", "ms", 2, ours -> scaled(ours, "LanguageBenchmark.lora", 1e3)),
            new Work("Gemma 3 270M windows of 512 tokens", "tokens/s", 2, BenchTable::gemmaTokens),
            new Work("Gemma 3 270M opened from GGUF", "s", 10, ours -> scaled(ours, "GemmaBenchmark.open", 1)),
            new Work("DSIR over 60 MB of JSON lines", "MB/s", 100, BenchTable::selected),
            new Work("product 1024x1024x1024 (OpenBLAS of NumPy)", "GFLOP/s", 0.9, BenchTable::product),
            new Work("product 1024x1024x1024 (PyTorch)", "GFLOP/s", 0, BenchTable::product));

    private BenchTable() {}

    /** @param arguments JMH's JSON, the peer's JSON lines, the CSV file to write */
    public static void main(String[] arguments) throws IOException {
        Ours ours = Ours.read(Path.of(arguments[0]));
        Map<String, Double> peers = peers(Path.of(arguments[1]));
        List<Row> rows = WORKS.stream()
                .map(work -> new Row(work, work.ours().apply(ours), optional(peers.get(work.name()))))
                .toList();
        rows.forEach(row -> System.out.printf(
                Locale.ROOT,
                "%-45s ours %9s  peer %9s %-8s ratio %6s  goal %4s  %s%n",
                row.work().name(),
                number(row.ours()),
                number(row.peer()),
                row.work().unit(),
                number(row.ratio()),
                row.work().goal() == 0 ? "" : row.work().goal(),
                row.verdict()));
        Files.write(Path.of(arguments[2]), csv(rows));
        for (Row row : rows) bound(row, ours);
        explain(ours);
    }

    /** How far a goal that was missed could have been met: no ratio is larger than the one of the products alone. */
    private static void bound(Row row, Ours ours) {
        Double operations = OPERATIONS.get(row.work().name());
        OptionalDouble product = product(ours);
        if (!row.verdict().equals("missed") || operations == null || product.isEmpty()) return;
        double seconds = operations / (product.getAsDouble() * 1e9);
        double peer = row.peer().getAsDouble() / (row.work().unit().equals("us") ? 1e6 : 1e3);
        System.out.printf(
                Locale.ROOT,
                "%s: its products alone are %.3g GFLOP, %.3g ms at the %.0f GFLOP/s measured here for 1024 x 1024 x 1024: a ratio of %.2f, were there nothing else%n",
                row.work().name(),
                operations / 1e9,
                1e3 * seconds,
                product.getAsDouble(),
                peer / seconds);
    }

    /** What no peer does, and how much this machine gains by its second core. */
    private static void explain(Ours ours) {
        OptionalDouble wanda = ours.seconds("GemmaBenchmark.wanda"), forward = ours.seconds("GemmaBenchmark.windows");
        if (wanda.isPresent() && forward.isPresent())
            System.out.printf(
                    Locale.ROOT,
                    "Wanda at 50 %% over Gemma 3 270M, 16 windows of 512 tokens: %.2f s, %.2f forward passes over them (goal: at most 3)%n",
                    wanda.getAsDouble(),
                    wanda.getAsDouble() / forward.getAsDouble());
        OptionalDouble alone = ours.seconds("CoresBenchmark.alone"), together = ours.seconds("CoresBenchmark.together");
        if (alone.isPresent() && together.isPresent())
            System.out.printf(
                    Locale.ROOT,
                    "this machine: two independent trainings at once take %.2f times as long as one alone (1 on two whole cores, 2 on one)%n",
                    together.getAsDouble() / alone.getAsDouble());
    }

    private static OptionalDouble gemmaTokens(Ours ours) {
        return ours.seconds("GemmaBenchmark.windows").stream()
                .map(seconds -> GemmaBenchmark.WINDOWS * GemmaBenchmark.LENGTH / seconds)
                .findAny();
    }

    private static OptionalDouble selected(Ours ours) {
        return ours.seconds("DsirBenchmark.select").stream()
                .map(seconds -> DsirBenchmark.MEGABYTES / seconds)
                .findAny();
    }

    private static List<String> csv(List<Row> rows) {
        List<String> lines = new ArrayList<>(List.of("work,ours,peer,unit,ratio,goal"));
        for (Row row : rows)
            lines.add(String.join(
                    ",",
                    row.work().name(),
                    number(row.ours()),
                    number(row.peer()),
                    row.work().unit(),
                    number(row.ratio()),
                    row.work().goal() == 0 ? "" : "" + row.work().goal()));
        return lines;
    }

    private static OptionalDouble scaled(Ours ours, String benchmark, double factor) {
        return ours.seconds(benchmark).stream().map(seconds -> seconds * factor).findAny();
    }

    private static OptionalDouble product(Ours ours) {
        return ours.seconds("ProductBenchmark.product").stream()
                .map(seconds -> PRODUCT_OPERATIONS / seconds / 1e9)
                .findAny();
    }

    private static Map<String, Double> peers(Path lines) throws IOException {
        Map<String, Double> values = new HashMap<>();
        if (!Files.exists(lines)) return values;
        for (String line : Files.readAllLines(lines)) {
            JsonNode peer = new ObjectMapper().readTree(line);
            values.put(peer.get("work").asText(), peer.get("value").asDouble());
        }
        return values;
    }

    private static OptionalDouble optional(Double value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private static String number(OptionalDouble value) {
        return value.isEmpty() ? "" : String.format(Locale.ROOT, "%.4g", value.getAsDouble());
    }

    /** JMH's results: seconds an operation by benchmark and parameters. */
    private record Ours(Map<String, Double> seconds) {
        private static final Map<String, Double> UNITS =
                Map.of("s/op", 1.0, "ms/op", 1e-3, "us/op", 1e-6, "ns/op", 1e-9);

        static Ours read(Path json) throws IOException {
            Map<String, Double> seconds = new HashMap<>();
            for (JsonNode result : new ObjectMapper().readTree(json.toFile())) {
                JsonNode metric = result.get("primaryMetric");
                seconds.put(
                        name(result),
                        metric.get("score").asDouble()
                                * UNITS.get(metric.get("scoreUnit").asText()));
            }
            return new Ours(seconds);
        }

        /** {@code LenetBenchmark.step 0.05}: class and method, then the parameters' values in JMH's order. */
        private static String name(JsonNode result) {
            String[] words = result.get("benchmark").asText().split("[.]");
            StringBuilder name = new StringBuilder(words[words.length - 2] + "." + words[words.length - 1]);
            if (result.has("params"))
                result.get("params").forEach(value -> name.append(' ').append(value.asText()));
            return name.toString();
        }

        OptionalDouble seconds(String benchmark) {
            return optional(seconds.get(benchmark));
        }
    }
}
