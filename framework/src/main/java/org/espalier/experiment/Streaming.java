package org.espalier.experiment;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.espalier.measure.Metric;
import org.espalier.models.zoo.Pretrained;
import org.espalier.prune.Recipe;
import org.espalier.prune.Statistic;

/** What can't be done to a network whose weights stay in its files: whatever needs all of them at once. */
final class Streaming {
    private Streaming() {}

    /** The files that the experiment streams its network from, if it does. */
    static Optional<Pretrained> of(Experiment experiment) {
        return experiment.model() instanceof Pretrained files && files.stream() ? Optional.of(files) : Optional.empty();
    }

    /** Why a step can't be done, if it can't. */
    static Optional<String> obstacle(Step step) {
        return switch (step) {
            case Step.Save save -> whole("saving weights under a name keeps a copy of all of them");
            case Step.Rewind rewind -> whole("rewinding takes a copy of all weights");
            case Step.Restore restore -> whole("restoring takes a copy of all weights");
            case Step.Reinit reinit -> whole("drawing weights anew draws all of them");
            case Step.Train train -> whole("training changes all weights at once");
            case Step.Recover recover -> whole("recovering runs backwards through the whole network");
            case Step.Prune prune -> pruning(prune.recipe());
            case Step.Evaluate evaluate ->
                evaluate.metrics().stream()
                        .filter(Metric::needsWhole)
                        .findFirst()
                        .flatMap(metric -> whole(metric + " runs the whole network again and again"));
            case Step.Select select ->
                select.by().saves().isEmpty() ? Optional.empty() : whole(select.by() + " compares two whole networks");
            case Step.Repeat repeat -> Optional.empty(); // its steps are asked one by one
        };
    }

    private static Optional<String> pruning(Recipe recipe) {
        Set<Statistic> backward = EnumSet.copyOf(Statistic.OF_GRADIENTS);
        backward.retainAll(recipe.needs());
        if (!backward.isEmpty()) return whole(backward + " takes a backward pass through the whole network");
        if (recipe.needs().contains(Statistic.LOSS)) return whole(recipe.allocate() + " asks the whole network's loss");
        if (recipe.allocate().needsAllScores()) return whole(recipe.allocate() + " compares the scores of all weights");
        return Optional.empty();
    }

    private static Optional<String> whole(String why) {
        return Optional.of(why
                + ", and with `stream: true` only one block is in memory; leave that out if the model fits into it");
    }
}
