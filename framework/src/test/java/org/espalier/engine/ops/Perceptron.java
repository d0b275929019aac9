package org.espalier.engine.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.espalier.engine.Axis;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Mask;
import org.espalier.engine.Parameter;
import org.espalier.engine.Span;
import org.espalier.engine.Tensor;
import org.espalier.kernels.Pointwise;
import org.espalier.kernels.Update;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.ElementBodies;
import org.espalier.launch.Launch;
import org.espalier.launch.Plan;
import org.espalier.launch.UpdateBodies;

/** A perceptron with Adam on random examples, built straight from ops: what a training step costs and which bits it gives. */
final class Perceptron {
    final List<Parameter> parameters = new ArrayList<>();
    final List<Launch> launches;
    final Losses.Loss loss;
    private final float[] step = {1.2e-3f, 1, 0, 0};
    private int steps;

    /**
     * @param density gives the share of a weight that survives, by its number from 0; 1 leaves it without a mask
     * @param sizes features of the input, of each hidden layer and of the output
     */
    Perceptron(int batch, Layout layout, ToDoubleFunction<Integer> density, int... sizes) {
        RandomGenerator random = new SplittableRandom(1);
        Graph g = Graph.forTraining();
        Tensor x = g.input("x", batch, new int[] {sizes[0]}, layout);
        // Images are mostly background: a fifth of MNIST's pixels is not zero.
        for (int i = 0; i < x.size(); i++) x.value()[i] = random.nextInt(5) == 0 ? random.nextFloat() : 0f;
        Tensor y = x;
        for (int l = 1; l < sizes.length; l++) {
            if (l > 1) y = Activations.relu(g, y);
            y = Dense.linear(g, y, weight(random, l, sizes, density.applyAsDouble(l - 1)), bias(l, sizes[l]));
        }
        float[] weights = new float[batch];
        Arrays.fill(weights, 1f / batch);
        loss = Losses.crossEntropy(
                g, y, random.ints(batch, 0, sizes[sizes.length - 1]).toArray(), weights);
        g.differentiate();
        for (Parameter p : parameters) update(g, p);
        launches = g.launches();
    }

    private Parameter weight(RandomGenerator random, int layer, int[] sizes, double density) {
        int out = sizes[layer], in = sizes[layer - 1];
        Parameter w = Parameter.weight("w" + layer, axis("h" + layer, out), axis("x" + layer, in));
        for (int i = 0; i < w.size(); i++) w.value()[i] = (float) ((random.nextDouble() - 0.5) * Math.sqrt(12.0 / in));
        if (density < 1) {
            float[] mask = new float[w.size()];
            for (int i = 0; i < mask.length; i++) mask[i] = random.nextDouble() < density ? 1f : 0f;
            w.mask(mask);
        }
        parameters.add(w);
        return w;
    }

    private Parameter bias(int layer, int out) {
        Parameter b = Parameter.vector("b" + layer, Parameter.Kind.BIAS, axis("b" + layer, out));
        parameters.add(b);
        return b;
    }

    private static Span axis(String name, int size) {
        return Span.of(Axis.of(name, size));
    }

    private void update(Graph g, Parameter p) {
        float[] w = p.trainedValue(), d = p.trainedGrad();
        Mask mask = p.trainedMask();
        float[] m = new float[w.length], v = new float[w.length];
        g.launch(Launch.of(p.name() + ".adam", w.length, Update::adam, w, m, v, d, step, 0.9f, 0.999f, 1e-8f, 0f, 0f)
                .withHost((f, c) -> UpdateBodies.adam(w, m, v, d, step, 0.9f, 0.999f, 1e-8f, 0f, 0f, f, c)));
        if (mask != null)
            g.launch(Launch.of(p.name() + ".mask", w.length, Pointwise::mask, w, mask.words())
                    .withHost((f, c) -> ElementBodies.mask(w, mask.words(), f, c)));
    }

    Plan compile(CpuDevice device) {
        return device.compile(launches);
    }

    /** One training step of a plan of these launches. */
    void train(Plan plan) {
        steps++;
        step[2] = (float) (1 / (1 - Math.pow(0.9, steps)));
        step[3] = (float) (1 / Math.sqrt(1 - Math.pow(0.999, steps)));
        plan.run();
    }
}
