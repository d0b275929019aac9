package org.espalier.engine.ops;

import org.espalier.engine.Axis;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Tensor;
import org.espalier.kernels.Attend;
import org.espalier.launch.AttendBodies;
import org.espalier.launch.Heads;
import org.espalier.launch.Launch;

/** Attention of tokens to the tokens of their sequence; see {@link Attend} and {@link Heads}. */
public final class Attention {
    private static final long SLICE = 4_000_000;

    private Attention() {}

    /**
     * softmax(scale · q·kᵀ) · v per head.
     *
     * @param q (batch·length, heads·dim)
     * @param k (batch·length, keyHeads·dim), and {@code v} likewise
     * @return (batch·length, heads·dim)
     */
    public static Tensor attend(Graph g, Tensor q, Tensor k, Tensor v, Heads s) {
        Tensor queries = checked(g, q, s.width(), s.length());
        Tensor keys = checked(g, k, s.keyWidth(), s.length()), values = checked(g, v, s.keyWidth(), s.length());
        tie(queries, keys, values, s);
        if (queries == keys || queries == values || keys == values)
            throw new IllegalArgumentException("queries, keys and values must be three tensors, not " + queries);
        boolean trained = queries.differentiable() || keys.differentiable() || values.differentiable();
        Tensor y = output(g, queries, s, trained);
        int sequences = queries.batch() / s.length();
        float[] logs = g.scratch(sequences * s.heads() * s.length());
        g.launch(Launch.of(
                        y.name(),
                        sequences * s.heads(),
                        Attend::forward,
                        y.value(),
                        logs,
                        queries.value(),
                        keys.value(),
                        values.value(),
                        s.heads(),
                        s.keyHeads(),
                        s.dim(),
                        s.length(),
                        s.causal() ? 1 : 0,
                        s.window(),
                        s.scale())
                .withHost((f, c) ->
                        AttendBodies.forward(y.value(), logs, queries.value(), keys.value(), values.value(), s, f, c))
                .costing(work(s), SLICE));
        g.backward(y, () -> gradients(g, y, logs, queries, keys, values, s));
        return y;
    }

    /** Whole groups of heads belong together: a key head, its values and the queries that share it. Without such axes nothing can be cut. */
    private static void tie(Tensor q, Tensor k, Tensor v, Heads s) {
        Axis group = k.span().axis();
        boolean whole = k.span().inner() % s.dim() == 0
                && v.span().axis().size() == group.size()
                && q.span().axis().size() == group.size();
        for (Tensor x : new Tensor[] {q, v}) {
            if (whole) group.join(x.span().axis());
            else x.span().axis().pin();
        }
        if (!whole) group.pin();
    }

    /** Operations of one head. */
    private static long work(Heads s) {
        return 2L * s.length() * s.length() * s.dim();
    }

    private static Tensor checked(Graph g, Tensor any, int width, int length) {
        Tensor x = Layouts.rows(g, any);
        if (x.features() != width || x.batch() % length != 0)
            throw new IllegalArgumentException(
                    x + " holds no sequences of " + length + " tokens with " + width + " features");
        return x;
    }

    private static Tensor output(Graph g, Tensor q, Heads s, boolean trained) {
        return g.tensor("attention", q.batch(), new int[] {s.width()}, Layout.ROWS, q.span(), trained);
    }

    private static void gradients(Graph g, Tensor y, float[] logs, Tensor q, Tensor k, Tensor v, Heads s) {
        int[] shape = {s.heads(), s.keyHeads(), s.dim(), s.length(), s.causal() ? 1 : 0, s.window()};
        float[] dq = gradient(g, q), dk = gradient(g, k), dv = gradient(g, v);
        int[] keep = {keep(g, q), keep(g, k), keep(g, v)};
        g.launch(Launch.of(
                        y.name() + ".grad",
                        y.batch() / s.length() * s.keyHeads(),
                        Attend::grad,
                        dq,
                        dk,
                        dv,
                        y.grad(),
                        y.value(),
                        logs,
                        q.value(),
                        k.value(),
                        v.value(),
                        shape,
                        keep,
                        s.scale())
                .withHost((f, c) -> AttendBodies.grad(
                        dq, dk, dv, y.grad(), y.value(), logs, q.value(), k.value(), v.value(), s, keep, f, c))
                .costing(work(s) * 2 * s.heads() / s.keyHeads(), SLICE));
    }

    /** Where the gradient goes; for an input of the graph, nowhere. */
    private static float[] gradient(Graph g, Tensor x) {
        return x.differentiable() ? x.grad() : g.scratch(x.size());
    }

    private static int keep(Graph g, Tensor x) {
        return x.differentiable() ? g.keep(x) : 0;
    }

    /**
     * The same for one new token of each sequence, whose key and value join those of the tokens before it. Forward only.
     *
     * @param q (batch, heads·dim); {@code k} and {@code v} (batch, keyHeads·dim)
     * @param s causal; its length is the room of the caches
     * @param keys (batch, room, keyHeads·dim), and {@code values} likewise
     * @param position one element, read at every run: how many tokens of a sequence lie in the caches already
     */
    public static Tensor attendCached(
            Graph g, Tensor q, Tensor k, Tensor v, Heads s, float[] keys, float[] values, int[] position) {
        if (g.training()) throw new IllegalArgumentException("attention to a cache has no gradient");
        if (!s.causal()) throw new IllegalArgumentException("attention to a cache is causal");
        Tensor query = checked(g, q, s.width(), 1), key = checked(g, k, s.keyWidth(), 1);
        Tensor value = checked(g, v, s.keyWidth(), 1);
        long room = (long) query.batch() * s.length() * s.keyWidth();
        if (keys.length != room || values.length != room)
            throw new IllegalArgumentException(
                    "caches of " + room + " numbers are needed, got " + keys.length + " and " + values.length);
        Tensor y = output(g, query, s, false);
        g.launch(Launch.of(
                        y.name(),
                        query.batch() * s.keyHeads(),
                        Attend::cached,
                        y.value(),
                        keys,
                        values,
                        query.value(),
                        key.value(),
                        value.value(),
                        position,
                        s.heads(),
                        s.keyHeads(),
                        s.dim(),
                        s.length(),
                        s.window(),
                        s.scale())
                .withHost((f, c) -> AttendBodies.cached(
                        y.value(), keys, values, query.value(), key.value(), value.value(), position, s, f, c))
                .inSlicesOf(1));
        return y;
    }
}
