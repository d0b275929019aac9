package org.espalier.methods.adapt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.espalier.data.TokenWindows;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Losses;
import org.espalier.engine.ops.RotaryScaling;
import org.espalier.launch.CpuDevice;
import org.espalier.methods.optimise.Adamw;
import org.espalier.methods.schedule.Constant;
import org.espalier.models.Init;
import org.espalier.models.LanguageModel;
import org.espalier.models.zoo.Llama;
import org.espalier.train.Adapter;
import org.espalier.train.Course;
import org.espalier.train.NamedArrays;
import org.espalier.train.Trainer;
import org.espalier.train.Training;

/** A very small language model with grouped queries, half of whose weights are pruned, and windows to train it on. */
final class AdaptFixture {
    static final int LENGTH = 9;
    static final TokenWindows DATA = new TokenWindows(
            "counting",
            "none",
            11,
            LENGTH,
            IntStream.range(0, 72).map(i -> i * i % 11).toArray(),
            new int[] {0, 9, 18, 27, 36, 45, 54, 63});

    private AdaptFixture() {}

    static LanguageModel dense() {
        return (LanguageModel) new Llama(
                        11,
                        16,
                        2,
                        4,
                        Optional.of(2),
                        Optional.empty(),
                        24,
                        64,
                        10_000,
                        new RotaryScaling.Unscaled(),
                        1e-5,
                        false,
                        Init.GLOROT_NORMAL)
                .build(new int[] {LENGTH}, 0, 3);
    }

    /** The same with every weight matrix at half its entries, the larger ones. */
    static LanguageModel pruned() {
        LanguageModel model = dense();
        for (Parameter weight : model.weights()) {
            float[] sizes = weight.value().clone();
            for (int i = 0; i < sizes.length; i++) sizes[i] = Math.abs(sizes[i]);
            float[] sorted = sizes.clone();
            Arrays.sort(sorted);
            float[] mask = new float[sizes.length];
            for (int i = 0; i < mask.length; i++) mask[i] = sizes[i] >= sorted[sizes.length / 2] ? 1 : 0;
            weight.mask(mask);
        }
        return model;
    }

    static Training training(CpuDevice device, LanguageModel model, long steps, NamedArrays state) {
        Adamw optimiser = new Adamw(1e-2, 0.9, 0.95, 1e-8, 0, new Constant(0));
        return new Training(device, model, DATA, new Course(4, steps, 0, optimiser, 1, false), 7, "recover", state);
    }

    static Trainer trainer(Training training, Adapter adapter) {
        return new Trainer(training, Optional.of(adapter), List.of());
    }

    /** The loss of all windows, as the network computes it now. */
    static double loss(CpuDevice device, LanguageModel model) {
        Graph graph = Graph.forEvaluation();
        Losses.Loss loss = traced(graph, model);
        device.compile(graph.launches()).run();
        double sum = 0;
        for (float one : loss.losses()) sum += one;
        return sum;
    }

    static Losses.Loss traced(Graph graph, LanguageModel model) {
        Tensor input = model.input(graph, DATA.size());
        int[] labels = new int[DATA.size() * LENGTH];
        float[] weights = new float[labels.length];
        for (int e = 0; e < DATA.size(); e++) {
            DATA.copy(e, input.value(), e * LENGTH);
            for (int p = 0; p < LENGTH; p++) {
                labels[e * LENGTH + p] = DATA.label(e, p);
                weights[e * LENGTH + p] = DATA.weight(e, p);
            }
        }
        return model.loss(graph, input, labels, weights);
    }

    static List<float[]> values(LanguageModel model) {
        List<float[]> values = new ArrayList<>();
        for (Parameter p : model.parameters()) values.add(p.value().clone());
        return values;
    }

    static void fill(float[] values, long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        for (int i = 0; i < values.length; i++) values[i] = 0.2f * (random.nextFloat() - 0.5f);
    }
}
