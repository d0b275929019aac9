package org.espalier.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.espalier.data.TokenWindows;
import org.espalier.data.file.Safetensors;
import org.espalier.data.pretrained.Checkpoint;
import org.espalier.engine.Parameter;
import org.espalier.launch.CpuDevice;
import org.espalier.measure.Evaluator;
import org.espalier.models.pretrained.PretrainedModel;
import org.espalier.prune.Evidence;
import org.espalier.prune.Pruning;
import org.espalier.prune.Recipe;
import org.espalier.prune.Scorer;
import org.espalier.prune.Site;
import org.espalier.prune.Statistic;
import org.espalier.spec.Binder;
import org.espalier.spec.Yaml;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Masks, weights and statistics that the authors' layer classes gave for a small Llama, pruned block by block. */
class PruneGoldenTest {
    private static final GoldenFolder GOLDEN = GoldenFolder.named("prune-llama");
    private static final CpuDevice DEVICE = new CpuDevice(2);
    private static final String THRESHOLD = "{ unstructured: { within: %s, count: threshold } }";

    @AfterAll
    static void close() {
        DEVICE.close();
    }

    @ParameterizedTest
    @CsvSource({
        "magnitude-50",
        "magnitude-70",
        "magnitude-2-4",
        "magnitude-4-8",
        "wanda-50",
        "wanda-70",
        "wanda-2-4",
        "wanda-4-8",
        "sparsegpt-50",
        "sparsegpt-70",
        "sparsegpt-2-4",
        "sparsegpt-4-8"
    })
    void prunesAsTheAuthorsDo(String name) throws IOException {
        Model model = model();
        new Pruning(DEVICE, model, recipe(name), 1, "golden").prune(new Pruning.Calibration(calibration(), 16));
        int differing = 0;
        try (Safetensors masks = Safetensors.open(GOLDEN.path(name + ".mask.safetensors"))) {
            assertThat(masks.tensors()).hasSize(model.weights().size());
            for (Parameter weight : model.weights()) {
                byte[] expected = masks.bytes(weight.name() + ".mask");
                float[] found = weight.mask();
                int different = 0;
                for (int i = 0; i < expected.length; i++) if (expected[i] != found[i]) different++;
                assertThat(different).as(weight.name()).isLessThanOrEqualTo(1);
                differing += different;
            }
        }
        double worst = 0;
        if (name.equals("sparsegpt-50") || name.equals("sparsegpt-2-4"))
            for (var expected : GOLDEN.floats(name + ".weights.safetensors").entrySet()) {
                float[] actual = model.parameter(expected.getKey()).value();
                worst = Math.max(worst, GoldenFolder.distance(actual, expected.getValue()));
            }
        double loss = new Evaluator(DEVICE, model, calibration()).score().loss();
        double expected = GOLDEN.expected().at("/results/" + name + "/loss").asDouble();
        System.out.printf(
                "PruneGoldenTest: %s: %d masked differently, weights at %.3f of what is allowed, loss %.6f (%.6f)%n",
                name, differing, worst, loss, expected);
        assertThat(worst).isLessThan(1);
        assertThat(loss).isCloseTo(expected, within(1e-4 * expected));
    }

    @Test
    void gathersWandasStatistics() throws IOException {
        Recorder recorder = new Recorder(new LinkedHashMap<>());
        Recipe wanda = recipe("wanda-50");
        Recipe recording = new Recipe(
                recorder, wanda.allocate(), wanda.pattern(), Optional.of(0.5), wanda.of(), List.of(), List.of());
        new Pruning(DEVICE, model(), recording, 1, "golden").prune(new Pruning.Calibration(calibration(), 16));
        Map<String, float[]> expected = GOLDEN.floats("wanda.scaler_row.safetensors");
        assertThat(recorder.squares).hasSameSizeAs(expected);
        double worst = 0;
        for (var entry : expected.entrySet())
            worst = Math.max(
                    worst,
                    GoldenFolder.distance(
                            recorder.squares.get(entry.getKey().replace(".scaler_row", "")), entry.getValue()));
        System.out.printf("PruneGoldenTest: Wanda's statistics at %.3f of what is allowed%n", worst);
        assertThat(worst).isLessThan(1);
    }

    /** Wanda's score, remembering what it was made of. */
    private record Recorder(Map<String, float[]> squares) implements Scorer {
        @Override
        public Set<Statistic> needs() {
            return Set.of(Statistic.INPUT_SQUARES);
        }

        @Override
        public float[] score(Site.Weight site, Evidence evidence) {
            float[] found = evidence.of(site, Statistic.INPUT_SQUARES),
                    score = site.parameter().value().clone();
            synchronized (squares) {
                squares.put(site.name(), found.clone());
            }
            for (int i = 0; i < score.length; i++)
                score[i] = (float) (Math.abs(score[i]) * Math.sqrt(found[i % found.length]));
            return score;
        }
    }

    private static Recipe recipe(String name) {
        String method = name.substring(0, name.indexOf('-')), what = name.substring(method.length() + 1);
        boolean groups = what.contains("-");
        String pattern = groups
                ? "{ n-of-m: { keep: %s, of: %s } }".formatted(what.split("-")[0], what.split("-")[1])
                : switch (method) {
                    case "magnitude" -> THRESHOLD.formatted("layer");
                    case "sparsegpt" -> THRESHOLD.formatted("columns");
                    default -> "{ unstructured: row }";
                };
        List<String> parts = new ArrayList<>();
        parts.add("score: " + (method.equals("sparsegpt") ? "obs" : method));
        parts.add("pattern: " + pattern);
        parts.add("ratio: " + (groups ? "0.5" : "0." + what));
        if (method.equals("sparsegpt")) parts.add("refine: obs-sweep");
        return Binder.bind(Recipe.class, Yaml.parse("{ " + String.join(", ", parts) + " }", name));
    }

    private static Model model() throws IOException {
        try (Checkpoint file = Checkpoint.open(GOLDEN.path("model"))) {
            return PretrainedModel.open(file, 48);
        }
    }

    private static TokenWindows calibration() throws IOException {
        try (Safetensors file = Safetensors.open(GOLDEN.path("calibration.safetensors"))) {
            int[] starts = IntStream.range(0, 16).map(i -> 48 * i).toArray();
            return new TokenWindows("calibration", "golden", 96, 48, file.ints("input_ids"), starts);
        }
    }
}
