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
import org.espalier.engine.Span;
import org.espalier.engine.Tensor;
import org.espalier.kernels.Update;
import org.espalier.launch.Heads;
import org.espalier.launch.Launch;
import org.espalier.launch.UpdateBodies;

/** A Llama with random weights and tokens, built straight from ops: what a training step or a forward pass costs, and its bits. */
final class TokenNetwork {
    /** @param hidden width between the two products of a feed-forward part */
    record Shape(int width, int blocks, int hidden, int heads, int keyHeads, int dim, int vocabulary, int window) {}

    final List<Parameter> parameters = new ArrayList<>();
    final Losses.Loss loss;
    final List<Launch> launches;
    private final RandomGenerator random = new SplittableRandom(1);
    private final float[] step = {1e-3f, 1, 0, 0};
    private final Graph g;
    private final Shape s;
    private final int length;
    private int steps;

    TokenNetwork(Shape shape, int batch, int length, boolean training, boolean tied) {
        this.s = shape;
        this.length = length;
        g = training ? Graph.forTraining() : Graph.forEvaluation();
        Tensor tokens = g.input("tokens", batch, new int[] {length}, Layout.ROWS);
        int n = batch * length;
        for (int i = 0; i < n; i++) tokens.value()[i] = random.nextInt(s.vocabulary);
        Parameter table = filled(Parameter.table("embedding", axis(s.vocabulary), axis(s.width)), 0.02);
        Parameter head = tied ? table : filled(Parameter.table("head", axis(s.vocabulary), axis(s.width)), 0.02);
        Tensor x = Embeddings.lookup(g, tokens, table, 1f);
        Rotary rotary = Rotary.plain(s.dim, 1e4);
        for (int b = 0; b < s.blocks; b++) x = block(x, "block" + b + ".", rotary);
        float[] weights = new float[n];
        Arrays.fill(weights, 1f / n);
        int[] labels = random.ints(n, 0, s.vocabulary).toArray();
        loss = Losses.tokenCrossEntropy(g, norm(x, "norm"), head, labels, weights);
        if (training) {
            g.differentiate();
            for (Parameter p : parameters) update(p);
        }
        launches = g.launches();
    }

    private Tensor block(Tensor x, String name, Rotary rotary) {
        Tensor h = norm(x, name + "before");
        Tensor q = rotary.rotate(g, linear(h, name + "q", s.heads * s.dim), s.heads, length);
        Tensor k = rotary.rotate(g, linear(h, name + "k", s.keyHeads * s.dim), s.keyHeads, length);
        Tensor v = linear(h, name + "v", s.keyHeads * s.dim);
        Heads heads = new Heads(s.heads, s.keyHeads, s.dim, length, true, s.window, (float) (1 / Math.sqrt(s.dim)));
        Tensor attended = Attention.attend(g, q, k, v, heads);
        Tensor y = Activations.add(g, x, linear(attended, name + "o", s.width));
        Tensor m = norm(y, name + "after");
        Tensor gate = linear(m, name + "gate", s.hidden), up = linear(m, name + "up", s.hidden);
        Tensor gated = Activations.gated(g, gate, up, Activations.Gate.SILU);
        return Activations.add(g, y, linear(gated, name + "down", s.width));
    }

    private Tensor norm(Tensor x, String name) {
        Parameter scale = Parameter.vector(name, Parameter.Kind.SCALE, axis(s.width));
        Arrays.fill(scale.value(), 1f);
        parameters.add(scale);
        return Norms.rms(g, x, scale, 1e-5f, 0f);
    }

    private Tensor linear(Tensor x, String name, int out) {
        return Dense.linear(g, x, filled(Parameter.weight(name, axis(out), axis(x.features())), 0.05), null);
    }

    private Parameter filled(Parameter p, double range) {
        float[] values = p.value();
        for (int i = 0; i < values.length; i++) values[i] = (float) (range * (random.nextDouble() - 0.5));
        parameters.add(p);
        return p;
    }

    private static Span axis(int size) {
        return Span.of(Axis.of("axis", size));
    }

    private void update(Parameter p) {
        float[] w = p.value(), d = p.grad(), m = new float[w.length], v = new float[w.length];
        g.launch(Launch.of(p.name() + ".adam", w.length, Update::adam, w, m, v, d, step, 0.9f, 0.999f, 1e-8f, 0f, 0.1f)
                .withHost((f, c) -> UpdateBodies.adam(w, m, v, d, step, 0.9f, 0.999f, 1e-8f, 0f, 0.1f, f, c)));
    }

    /** Sets the bias corrections of the next training step. */
    void advance() {
        steps++;
        step[2] = (float) (1 / (1 - Math.pow(0.9, steps)));
        step[3] = (float) (1 / Math.sqrt(1 - Math.pow(0.999, steps)));
    }
}
