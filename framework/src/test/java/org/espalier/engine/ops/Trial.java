package org.espalier.engine.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.espalier.engine.Axis;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Parameter;
import org.espalier.engine.Rng;
import org.espalier.engine.Span;
import org.espalier.engine.Tensor;
import org.espalier.kernels.Pointwise;
import org.espalier.launch.Device;
import org.espalier.launch.Launch;
import org.espalier.launch.Plan;

/**
 * A small network under test: leaves with random values, ops between them, and a random linear function of the outcome
 * as the objective, whose gradient with respect to every leaf can be compared with finite differences.
 */
final class Trial {
    private static final float STEP = 1f / 64;

    final Graph graph = Graph.forTraining();
    private final float step;
    private final RandomGenerator random;
    private final List<Tensor> leaves = new ArrayList<>();
    private final List<Parameter> parameters = new ArrayList<>();

    Trial(long seed) {
        this(seed, STEP);
    }

    /** @param step of the differences: a large one where the objective is a polynomial of degree 2 and rounds much */
    Trial(long seed, float step) {
        this.step = step;
        random = new SplittableRandom(seed);
    }

    /** A differentiable leaf, each value at least 0.1 away from zero, where ReLU has its kink. */
    Tensor leaf(int batch, Layout layout, int... shape) {
        Tensor x = graph.tensor("x", batch, shape, layout, Span.of(Axis.of("x", shape[0])));
        fill(x.value());
        leaves.add(x);
        return x;
    }

    Parameter weight(int out, int in) {
        return known(Parameter.weight("w" + parameters.size(), axis(out), axis(in)));
    }

    /** The kernels of a convolution. */
    Parameter kernels(int out, int in, int kernel) {
        Span columns = Span.of(Axis.of("channels", in)).spread(kernel * kernel);
        return known(Parameter.weight("w" + parameters.size(), axis(out), columns, kernel, kernel));
    }

    /** A leaf whose values are so far apart that a step cannot change which is the largest. */
    Tensor spacedLeaf(int batch, Layout layout, int... shape) {
        Tensor x = leaf(batch, layout, shape);
        int[] order = Rng.permutation(random, x.size());
        for (int i = 0; i < order.length; i++) x.value()[i] = (order[i] - order.length / 2) * 3 * STEP;
        return x;
    }

    /** A buffer, which has a value and no gradient. */
    Parameter buffer(int size, float value) {
        Parameter p = Parameter.vector("buffer", Parameter.Kind.BUFFER, axis(size));
        Arrays.fill(p.value(), value);
        return p;
    }

    /** A weight of which about {@code density} survives, at least one entry. */
    Parameter masked(int out, int in, double density) {
        Parameter w = weight(out, in);
        float[] mask = new float[out * in];
        for (int i = 0; i < mask.length; i++) mask[i] = random.nextDouble() < density ? 1f : 0f;
        mask[random.nextInt(mask.length)] = 1f;
        w.mask(mask);
        return w;
    }

    Parameter bias(int out) {
        return known(Parameter.vector("b" + parameters.size(), Parameter.Kind.BIAS, axis(out)));
    }

    private static Span axis(int size) {
        return Span.of(Axis.of("axis", size));
    }

    private Parameter known(Parameter p) {
        fill(p.value());
        p.wrote();
        parameters.add(p);
        return p;
    }

    void fill(float[] values) {
        for (int i = 0; i < values.length; i++)
            values[i] = (float) ((0.1 + random.nextDouble()) * (random.nextBoolean() ? 1 : -1));
    }

    /**
     * The largest difference between gradients and central differences of {@code objective = Σ factor · y}, relative to the
     * larger of the gradient and 1.
     */
    double error(Tensor y, Device device) {
        float[] factors = new float[y.size()];
        fill(factors);
        graph.backward(
                () -> graph.launch(Launch.of("seed", y.size(), Pointwise::copy, y.grad(), factors, graph.keep(y))));
        return error(device, () -> {
            double sum = 0;
            for (int i = 0; i < factors.length; i++) sum += (double) factors[i] * y.value()[i];
            return sum;
        });
    }

    /** The same for an objective of its own, which the graph's gradients belong to. */
    double error(Device device, java.util.function.DoubleSupplier objective) {
        graph.differentiate();
        Plan plan = device.compile(graph.launches());
        plan.run();
        plan.run(); // gradients must not pile up from run to run
        record Slot(float[] value, float[] gradient) {}
        List<Slot> slots = new ArrayList<>();
        for (Tensor x : leaves) slots.add(new Slot(x.value(), x.grad().clone()));
        for (Parameter p : parameters)
            slots.add(new Slot(p.trainedValue(), p.trainedGrad().clone()));
        double worst = 0;
        for (Slot slot : slots) {
            for (int probe = 0; probe < Math.min(40, slot.value.length); probe++) {
                int i = slot.value.length <= 40 ? probe : random.nextInt(slot.value.length);
                float before = slot.value[i];
                slot.value[i] = before + step;
                plan.run();
                double above = objective.getAsDouble();
                slot.value[i] = before - step;
                plan.run();
                double below = objective.getAsDouble();
                slot.value[i] = before;
                double expected = (above - below) / (2 * step);
                worst = Math.max(worst, Math.abs(slot.gradient[i] - expected) / Math.max(1, Math.abs(expected)));
            }
        }
        return worst;
    }
}
