package org.espalier.models;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.engine.Axis;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Span;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Attention;
import org.espalier.engine.ops.Rotary;
import org.espalier.launch.Heads;

/**
 * Attention of each token to the tokens of its sequence, with queries in groups that share keys and values. One key head with the
 * query heads of its group is what can be cut together.
 */
public final class SelfAttention {
    /**
     * What kind of attention it is.
     *
     * @param heads query heads
     * @param keyHeads heads of keys and values, a divisor of {@code heads}
     * @param width features of a head
     * @param causal whether a token sees only those before it
     * @param window how many tokens one sees, itself included; 0 for all
     * @param scale what products of queries and keys are multiplied by
     * @param biased whether the four projections have biases
     */
    public record Form(int heads, int keyHeads, int width, boolean causal, int window, double scale, boolean biased) {
        public Form {
            if (heads < 1 || keyHeads < 1 || heads % keyHeads != 0)
                throw new IllegalArgumentException(
                        heads + " query heads can't share " + keyHeads + " key heads evenly");
            if (width < 1) throw new IllegalArgumentException("a head needs at least one feature, got " + width);
        }

        /** Causal attention over all earlier tokens, products scaled by 1 / √width. */
        public static Form causal(int heads, int keyHeads, int width) {
            return new Form(heads, keyHeads, width, true, 0, 1 / Math.sqrt(width), false);
        }
    }

    /** The names of the four projections. */
    public record Names(String query, String key, String value, String output) {
        /** {@code prefix.q_proj} and so on. */
        public static Names projections(String prefix) {
            return new Names(prefix + ".q_proj", prefix + ".k_proj", prefix + ".v_proj", prefix + ".o_proj");
        }
    }

    private final Form form;
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear output;
    private final Optional<TokenNorm> queryNorm;
    private final Optional<TokenNorm> keyNorm;
    private final Optional<Rotary> rotary;

    /**
     * @param queryNorm with {@code keyNorm}, applied to each head before it is rotated
     * @param rotary how positions turn queries and keys
     */
    public SelfAttention(
            Names names,
            Span width,
            Form form,
            Optional<TokenNorm> queryNorm,
            Optional<TokenNorm> keyNorm,
            Optional<Rotary> rotary) {
        this.form = form;
        Span groups = Span.of(Axis.of(names.key() + ".heads", form.keyHeads)).spread(form.width);
        Span heads = groups.spread(form.heads / form.keyHeads);
        query = Linear.along(names.query(), width, heads, form.biased);
        key = Linear.along(names.key(), width, groups, form.biased);
        value = Linear.along(names.value(), width, groups, form.biased);
        output = Linear.along(names.output(), heads, width, form.biased);
        this.queryNorm = queryNorm;
        this.keyNorm = keyNorm;
        this.rotary = rotary;
    }

    /** @param x (sequences · length, width) */
    public Tensor forward(Graph g, Tensor x, int length) {
        return forward(g, x, length, null);
    }

    /** The same for one sequence, whose keys and values are kept for what will follow. */
    Tensor remember(Graph g, Tensor x, KeyValues memory) {
        return forward(g, x, x.batch(), memory);
    }

    private Tensor forward(Graph g, Tensor x, int length, KeyValues memory) {
        Tensor q = query.forward(g, x), k = key.forward(g, x), v = value.forward(g, x);
        Tensor turned = turned(g, normed(g, q, queryNorm), heads(), length);
        Tensor turnedKeys = turned(g, normed(g, k, keyNorm), keyHeads(), length);
        if (memory != null) memory.keep(g, turnedKeys, v);
        return output.forward(g, Attention.attend(g, turned, turnedKeys, v, heads(length)));
    }

    /** Attention of one new token to those remembered, which it joins: x (1, width). */
    Tensor step(Graph g, Tensor x, KeyValues memory, int[] position) {
        Tensor q = normed(g, query.forward(g, x), queryNorm), k = normed(g, key.forward(g, x), keyNorm);
        if (rotary.isPresent()) {
            q = rotary.get().rotateAt(g, q, heads(), position, memory.room());
            k = rotary.get().rotateAt(g, k, keyHeads(), position, memory.room());
        }
        Tensor v = value.forward(g, x);
        return output.forward(
                g, Attention.attendCached(g, q, k, v, heads(memory.room()), memory.keys(), memory.values(), position));
    }

    /** Room for the keys and values of {@code tokens} tokens. */
    KeyValues memory(int tokens) {
        return new KeyValues(tokens, keyHeads() * form.width);
    }

    /** Query heads, as many as are left. */
    private int heads() {
        return query.out().length() / form.width;
    }

    private int keyHeads() {
        return key.out().length() / form.width;
    }

    private Heads heads(int length) {
        return new Heads(heads(), keyHeads(), form.width, length, form.causal, form.window, (float) form.scale);
    }

    private static Tensor normed(Graph g, Tensor x, Optional<TokenNorm> norm) {
        return norm.isPresent() ? norm.get().forward(g, x) : x;
    }

    private Tensor turned(Graph g, Tensor x, int heads, int length) {
        return rotary.isPresent() ? rotary.get().rotate(g, x, heads, length) : x;
    }

    List<Layer> layers() {
        List<Layer> all = new ArrayList<>(List.of(query, key, value, output));
        queryNorm.ifPresent(all::add);
        keyNorm.ifPresent(all::add);
        return all;
    }

    List<Parameter> parameters() {
        return layers().stream().flatMap(l -> l.parameters().stream()).toList();
    }
}
