package org.espalier.data.select;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.espalier.data.ngram.BucketHash;
import org.espalier.data.ngram.HashedNgrams;
import org.espalier.data.ngram.WordRule;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against what the authors' package, data-selection 1.0.3, makes of the same texts. */
class DsirGoldenTest {
    private static final double RELATIVE = 1e-9;

    private static Path folder;
    private static JsonNode expected;
    private static ResampleRequest request;

    @TempDir
    private static Path temporary;

    private static double[][] lines;

    /**
     * Which NLTK the package was installed with is not written in the folder, and it decides how marks and fractions are cut: it must
     * be one of the two throughout.
     */
    private static WordRule rule() throws IOException {
        for (WordRule rule : WordRule.values()) if (counts(rule).equals(expectedCounts())) return rule;
        throw new AssertionError("no rule gives the counts of the first documents:\n" + counts(WordRule.UNICODE) + "\n"
                + expectedCounts());
    }

    @BeforeAll
    static void weigh() throws IOException {
        String elsewhere = System.getProperty("espalier.golden", "");
        folder = Path.of(elsewhere.isBlank() ? "src/test/resources/golden" : elsewhere)
                .resolve("dsir");
        expected = new ObjectMapper().readTree(folder.resolve("expected.json").toFile());
        JsonNode settings = expected.get("settings");
        request = new ResampleRequest(
                List.of(folder.resolve("raw.jsonl")),
                List.of(folder.resolve("target.jsonl")),
                "text",
                "text",
                settings.get("ngrams").asInt(),
                settings.get("num_buckets").asInt(),
                rule(),
                settings.get("min_example_length").asInt(),
                ResampleRequest.ALL,
                100,
                0,
                true,
                false,
                List.of(),
                false);
        Path out = temporary.resolve("out");
        ResampleJob.run(request, out, 2, note -> {});
        List<double[]> all = new ArrayList<>();
        new WeightFile(out.resolve("weights/0.f64"), 1).each((line, values) -> all.add(values.clone()));
        lines = all.toArray(double[][]::new);
    }

    @Test
    void findsTheSameBuckets() {
        BucketHash hash = new BucketHash(request.buckets());
        expected.get("buckets")
                .properties()
                .forEach(bucket -> assertThat(hash.of(bucket.getKey()))
                        .isEqualTo(bucket.getValue().asInt()));
    }

    @Test
    void countsTheSameNgrams() throws IOException {
        assertThat(counts(request.words())).isEqualTo(expectedCounts());
        System.out.println("dsir: words are cut by the rule " + request.words());
    }

    private static Map<String, Map<String, Integer>> expectedCounts() {
        Map<String, Map<String, Integer>> all = new TreeMap<>();
        expected.get("feature_counts_of_first_12").properties().forEach(document -> {
            Map<String, Integer> counts = new TreeMap<>();
            document.getValue()
                    .properties()
                    .forEach(e -> counts.put(e.getKey(), e.getValue().asInt()));
            all.put(document.getKey(), counts);
        });
        return all;
    }

    private static Map<String, Map<String, Integer>> counts(WordRule rule) throws IOException {
        JsonNode settings = expected.get("settings");
        HashedNgrams ngrams = new HashedNgrams(
                settings.get("ngrams").asInt(), settings.get("num_buckets").asInt(), rule);
        List<String> raw = Files.readAllLines(folder.resolve("raw.jsonl"));
        Map<String, Map<String, Integer>> all = new TreeMap<>();
        for (String document : expectedCounts().keySet()) {
            String text = new ObjectMapper()
                    .readTree(raw.get(Integer.parseInt(document)))
                    .get("text")
                    .asText();
            Map<String, Integer> counts = new TreeMap<>();
            for (int bucket : ngrams.of(text)) counts.merge("" + bucket, 1, Integer::sum);
            all.put(document, counts);
        }
        return all;
    }

    @Test
    void weighsAndMeasuresTheSame() {
        JsonNode weights = expected.get("log_importance_weights");
        assertThat(lines).hasNumberOfRows(weights.size());
        double worst = 0;
        for (int i = 0; i < lines.length; i++) {
            double weight = weights.get(i).asDouble();
            worst = Math.max(worst, Math.abs(lines[i][1] - weight) / Math.abs(weight));
            assertThat(lines[i][0]).isEqualTo(expected.get("lengths").get(i).asDouble());
        }
        System.out.println("dsir: log weights differ by at most " + worst + " of their value");
        assertThat(worst).isLessThan(RELATIVE);
    }

    @Test
    void choosesTheSameDocumentsForTheGivenNoise() {
        JsonNode noise = expected.get("gumbel_noise");
        int[] order = IntStream.range(0, lines.length)
                .filter(i -> lines[i][0] >= request.minLength())
                .boxed()
                .sorted(Comparator.comparingDouble(
                        i -> -(lines[i][1] + noise.get(i).asDouble())))
                .limit(100)
                .mapToInt(i -> i)
                .toArray();
        Largest largest = new Largest(100);
        for (int i = 0; i < lines.length; i++)
            if (lines[i][0] >= request.minLength())
                largest.add(i, lines[i][1] + noise.get(i).asDouble());
        JsonNode chosen = expected.get("selected_100_given_that_noise_in_order");
        int[] same = IntStream.range(0, 100).map(i -> chosen.get(i).asInt()).toArray();
        assertThat(order).isEqualTo(same);
        assertThat(largest.ids().stream().toArray())
                .isEqualTo(IntStream.of(same).sorted().toArray());
    }

    @Test
    void ranksBucketsTheSame() throws IOException {
        NgramCounts raw = counts("raw.jsonl");
        NgramCounts target = counts("target.jsonl");
        LogRatio ratio = new LogRatio(target, raw);
        double[] best = new double[20];
        for (int i = 0; i < best.length; i++)
            best[i] = ratio.weight(
                    new int[] {expected.get("top_target_log_ratio").get(i).asInt()});
        for (int i = 1; i < best.length; i++) assertThat(best[i]).isLessThanOrEqualTo(best[i - 1] + 1e-12);
        long better = IntStream.range(0, request.buckets())
                .filter(bucket -> ratio.weight(new int[] {bucket}) > best[best.length - 1] + 1e-12)
                .count();
        assertThat(better).isLessThan(best.length);
    }

    private static NgramCounts counts(String file) throws IOException {
        try (DocumentStream stream =
                new DocumentStream(1, request.order(), request.buckets(), request.words(), false)) {
            return new NgramFit(stream, request.buckets())
                    .fit(folder.resolve(file), "text", ResampleRequest.ALL, false)
                    .counts();
        }
    }
}
