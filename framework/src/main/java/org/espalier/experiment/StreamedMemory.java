package org.espalier.experiment;

import java.util.List;
import java.util.function.ToLongFunction;
import org.espalier.engine.Parameter;
import org.espalier.measure.BlockwiseLosses;
import org.espalier.models.Block;
import org.espalier.models.LanguageModel;
import org.espalier.prune.Recipe;
import org.espalier.prune.Statistic;

/**
 * What a run holds of a network that is streamed from its files: one block with what is done to it or a slice of the vocabulary, the
 * examples on their way, and a bit for each weight.
 *
 * @param length tokens of an example
 * @param examples of a part of the data
 */
record StreamedMemory(LanguageModel model, int length, ToLongFunction<String> examples) {
    /** Tokens that are led through a block at once. */
    private static final long TOKENS = 512;

    /** Values, scores, and what is sorted or refined. */
    private static final int COPIES = 3;

    /** Bytes at the stage that needs most. */
    long bytes(List<Stage> stages) {
        long most = 0;
        boolean pruned = false;
        for (Stage stage : stages) {
            pruned |= stage.step() instanceof Step.Prune;
            most = Math.max(most, at(stage.step()));
        }
        return most + (pruned ? sum(model.weights()) / Byte.SIZE : 0);
    }

    private long at(Step step) {
        return switch (step) {
            case Step.Prune prune -> {
                long samples =
                        prune.calibrate().map(Step.Prune.Calibrate::samples).orElse(0);
                long working = Float.BYTES * (COPIES * block() + activations(TOKENS) + grams(prune.recipe()));
                yield working + Float.BYTES * samples * length * model.head().columns();
            }
            case Step.Evaluate evaluate ->
                Float.BYTES * (block() + activations(TOKENS))
                        + BlockwiseLosses.bytes(model, length * examples.applyAsLong(evaluate.data()));
            default -> 0;
        };
    }

    private long block() {
        return model.blocks().stream().mapToLong(b -> sum(b.parameters())).max().orElse(0);
    }

    private long activations(long tokens) {
        Block first = model.blocks().getFirst();
        return 2 * tokens * first.weights().stream().mapToLong(Parameter::rows).sum();
    }

    /** Inner products of inputs, their means, and the inverse. */
    private long grams(Recipe recipe) {
        if (!recipe.needs().contains(Statistic.GRAM)) return 0;
        return COPIES
                * model.blocks().getFirst().weights().stream()
                        .mapToLong(Parameter::columns)
                        .distinct()
                        .map(columns -> columns * columns)
                        .sum();
    }

    private static long sum(List<Parameter> parameters) {
        return parameters.stream().mapToLong(Parameter::size).sum();
    }
}
