package org.espalier.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.espalier.measure.Measurement;
import org.espalier.measure.Metric;

/**
 * The step {@code evaluate}: measures the network, logs what is found and tells the best known of it.
 *
 * @param specs where metrics look for the files they name
 */
record EvaluatingStage(SeedRun.Surroundings surroundings, State state, Parts parts, Path specs) {
    void run(Stage stage, Step.Evaluate evaluate, SeedMetrics metrics) throws IOException {
        Measurement measurement = new Measurement(
                surroundings.device(),
                state.model(),
                parts.get(evaluate.data()),
                new Measurement.Texts(parts.tokenizer(), specs));
        for (Metric metric : evaluate.metrics()) {
            Map<String, Double> found = new TreeMap<>(metric.measure(measurement));
            TrainingStage.Log log = metric.timing() ? metrics::time : metrics::log;
            found.forEach((name, value) -> log.add(stage.step().name() + "/" + name, stage.turn(), value));
            tell(stage.path(), evaluate.data(), found);
        }
    }

    private void tell(String path, String data, Map<String, Double> found) {
        double left = 100 * state.weightsLeft();
        if (found.containsKey("perplexity"))
            note("%s: perplexity %.2f on %s, %.1f %% of the weights left", path, found.get("perplexity"), data, left);
        if (found.containsKey("accuracy"))
            note("%s: %.2f %% of %s right, %.1f %% of the weights left", path, 100 * found.get("accuracy"), data, left);
    }

    private void note(String form, Object... values) {
        surroundings.progress().note(form.formatted(values));
    }
}
