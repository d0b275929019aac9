package org.espalier.models;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Activations;

/**
 * Attention and feed-forward, each beside a shortcut. Norms stand before them (Llama, GPT-2), before and after (Gemma 3), or behind
 * the sum with the shortcut (BERT).
 */
public final class TransformerBlock implements Block {
    private final String name;
    private final SelfAttention attention;
    private final FeedForward feed;
    private final Norms norms;

    /**
     * Where norms stand.
     *
     * @param beforeAttention and {@code beforeFeed}: on what the shortcut leaves aside
     * @param afterAttention and {@code afterFeed}: on what is added to the shortcut
     * @param sumAttention and {@code sumFeed}: on the sum
     */
    public record Norms(
            Optional<TokenNorm> beforeAttention,
            Optional<TokenNorm> afterAttention,
            Optional<TokenNorm> sumAttention,
            Optional<TokenNorm> beforeFeed,
            Optional<TokenNorm> afterFeed,
            Optional<TokenNorm> sumFeed) {
        public static Norms before(TokenNorm attention, TokenNorm feed) {
            return new Norms(
                    Optional.of(attention),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(feed),
                    Optional.empty(),
                    Optional.empty());
        }

        public static Norms around(
                TokenNorm beforeAttention, TokenNorm afterAttention, TokenNorm beforeFeed, TokenNorm afterFeed) {
            return new Norms(
                    Optional.of(beforeAttention),
                    Optional.of(afterAttention),
                    Optional.empty(),
                    Optional.of(beforeFeed),
                    Optional.of(afterFeed),
                    Optional.empty());
        }

        public static Norms behind(TokenNorm attention, TokenNorm feed) {
            return new Norms(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(attention),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(feed));
        }

        private List<TokenNorm> all() {
            List<TokenNorm> all = new ArrayList<>();
            for (Optional<TokenNorm> norm :
                    List.of(beforeAttention, afterAttention, sumAttention, beforeFeed, afterFeed, sumFeed))
                norm.ifPresent(all::add);
            return all;
        }
    }

    public TransformerBlock(String name, SelfAttention attention, FeedForward feed, Norms norms) {
        this.name = name;
        this.attention = attention;
        this.feed = feed;
        this.norms = norms;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Tensor forward(Graph g, Tensor x, int length) {
        return around(g, x, inner -> attention.forward(g, inner, length));
    }

    /** The same for one sequence, whose keys and values are kept for what will follow. */
    Tensor remember(Graph g, Tensor x, KeyValues memory) {
        return around(g, x, inner -> attention.remember(g, inner, memory));
    }

    /** One new token (1, width), which sees those remembered. */
    Tensor step(Graph g, Tensor x, KeyValues memory, int[] position) {
        return around(g, x, inner -> attention.step(g, inner, memory, position));
    }

    KeyValues memory(int tokens) {
        return attention.memory(tokens);
    }

    private Tensor around(Graph g, Tensor x, UnaryOperator<Tensor> attend) {
        Tensor attended = attend.apply(normed(g, x, norms.beforeAttention));
        Tensor h = normed(g, Activations.add(g, x, normed(g, attended, norms.afterAttention)), norms.sumAttention);
        Tensor fed = feed.forward(g, normed(g, h, norms.beforeFeed));
        return normed(g, Activations.add(g, h, normed(g, fed, norms.afterFeed)), norms.sumFeed);
    }

    private static Tensor normed(Graph g, Tensor x, Optional<TokenNorm> norm) {
        return norm.isPresent() ? norm.get().forward(g, x) : x;
    }

    private List<Layer> layers() {
        List<Layer> all = new ArrayList<>(attention.layers());
        all.add(feed);
        all.addAll(norms.all());
        return all;
    }

    @Override
    public List<Parameter> parameters() {
        return layers().stream().flatMap(l -> l.parameters().stream()).toList();
    }

    void initialise(Init init, long seed) {
        for (Layer layer : layers()) layer.initialise(init, seed);
    }
}
