package org.espalier.experiment;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.espalier.data.Dataset;
import org.espalier.prune.Pruning;

/** The step {@code prune}: removes weights, and logs what is left and how near the calibration text is to what judges. */
record PruningStage(Program program, long seed, SeedRun.Surroundings surroundings, State state, Parts parts) {
    void run(Stage stage, Step.Prune prune, SeedMetrics metrics) throws IOException {
        String name = stage.step().name();
        Pruning.Calibration calibration = calibration(prune.calibrate());
        long start = System.nanoTime();
        List<Pruning.Change> changes = new Pruning(
                        surroundings.device(), state.model(), prune.recipe(), seed, stage.path())
                .prune(calibration);
        long removed = 0;
        for (Pruning.Change change : changes) {
            removed += change.keptBefore() - change.keptAfter();
            metrics.log(name + "/density." + change.layer(), stage.turn(), change.keptAfter() / (double) change.size());
        }
        metrics.time(name + "/milliseconds", stage.turn(), (System.nanoTime() - start) / 1e6);
        metrics.log(name + "/removed", stage.turn(), removed);
        metrics.log(name + "/weights-left", stage.turn(), state.weightsLeft());
        if (calibration != null) overlaps(stage, calibration.data(), metrics);
    }

    private Pruning.Calibration calibration(Optional<Step.Prune.Calibrate> asked) throws IOException {
        if (asked.isEmpty()) return null;
        Step.Prune.Calibrate calibrate = asked.get();
        return new Pruning.Calibration(parts.get(calibrate.data()), calibrate.samples(), calibrate.walk());
    }

    /** Says how much of the text that methods are judged by they have been calibrated with. */
    private void overlaps(Stage stage, Dataset calibrated, SeedMetrics metrics) throws IOException {
        if (calibrated.labels() < 2) return;
        Set<String> judged = new TreeSet<>();
        for (Stage other : program.stages())
            if (other.step() instanceof Step.Evaluate evaluate) judged.add(evaluate.data());
        for (String part : judged)
            metrics.log(
                    stage.step().name() + "/overlap." + part, stage.turn(), Overlap.of(calibrated, parts.get(part)));
    }
}
