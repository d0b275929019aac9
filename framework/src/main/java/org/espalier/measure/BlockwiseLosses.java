package org.espalier.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.espalier.data.Dataset;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Losses;
import org.espalier.engine.ops.TiledLoss;
import org.espalier.launch.Device;
import org.espalier.launch.Plan;
import org.espalier.models.Block;
import org.espalier.models.Entrance;
import org.espalier.models.LanguageModel;
import org.espalier.models.Model;
import org.espalier.train.Feed;

/**
 * Losses of a language model whose weights lie in files: some windows at a time are led through the blocks, of which one is in memory,
 * and past the vocabulary, of which a slice is. Tokens do not know how many others are led through a block with their window, so the
 * losses are those of the whole network.
 */
public final class BlockwiseLosses {
    /** Floats of the windows on their way that are held at least; where memory is larger, an eighth of it. */
    private static final long LEAST = 1 << 23;

    private static final int SHARE = 8;

    /** Tokens that are led through a block at once: what is inside of a block is many times as large as what enters it. */
    private static final int TOKENS = 512;

    /** Told of every batch when its losses are there. */
    @FunctionalInterface
    interface Taker {
        void batch(Feed feed, Losses.Loss loss, int first, int count);
    }

    private final Device device;
    private final LanguageModel model;
    private final Dataset data;
    private final int batch;
    private final int[] ids;

    BlockwiseLosses(Device device, LanguageModel model, Dataset data) {
        this.device = device;
        this.model = model;
        this.data = data;
        this.batch = Math.clamp(TOKENS / data.features(), 1, data.size());
        this.ids = IntStream.range(0, data.size()).toArray();
    }

    /** Whether a network can't be looked at as a whole. */
    static boolean needed(Model model) {
        return model instanceof LanguageModel && model.parameters().stream().anyMatch(Parameter::backed);
    }

    /** Bytes that measuring so many tokens holds besides the block they are led through. */
    public static long bytes(LanguageModel model, long tokens) {
        return Float.BYTES * (Math.min(room(), tokens * perToken(model)) + SlicedHead.held(model.head()));
    }

    private static long room() {
        return Math.max(LEAST, Runtime.getRuntime().maxMemory() / SHARE / Float.BYTES);
    }

    /** Floats that are held of a token: what enters the next block, and in the end what was seen of the vocabulary. */
    private static long perToken(LanguageModel model) {
        return model.head().columns() + TiledLoss.kept(1, model.head().rows());
    }

    /** Leads all windows through the network; its weights are read once for every group of windows that is held. */
    void each(Taker taker) {
        long batches = Math.max(1, room() / (batch * data.features() * perToken(model)));
        int group = (int) Math.min(ids.length, batches * batch);
        for (int first = 0; first < ids.length; first += group)
            group(first, Math.min(group, ids.length - first), taker);
    }

    private void group(int first, int count, Taker taker) {
        List<float[]> states = new ArrayList<>();
        Tensor form = enter(first, count, states);
        for (Block block : model.blocks())
            form = through((graph, x) -> block.forward(graph, x, data.features()), form, states);
        through(model::normed, form, states);
        leave(states, first, count, taker);
    }

    private Tensor enter(int first, int count, List<float[]> states) {
        Graph graph = Graph.forEvaluation();
        Feed feed = new Feed(device, graph, model, data, batch);
        Entrance entrance = model.entrance(graph, feed.input());
        Supplier<float[]> entering = entrance.on(device);
        for (int at = 0; at < count; at += batch) {
            feed.fill(ids, first + at, Math.min(batch, count - at));
            states.add(entering.get());
        }
        release();
        return entrance.entered();
    }

    private Tensor through(BiFunction<Graph, Tensor, Tensor> part, Tensor form, List<float[]> states) {
        Graph graph = Graph.forEvaluation();
        Tensor in = graph.tensor("entering", form.batch(), form.shape(), form.layout(), form.span());
        Tensor out = part.apply(graph, in);
        Plan plan = device.compile(graph.launches());
        for (float[] state : states) {
            System.arraycopy(state, 0, in.value(), 0, state.length);
            plan.wrote(in.value());
            plan.run();
            plan.read(out.value());
            System.arraycopy(out.value(), 0, state, 0, state.length);
        }
        release();
        return out;
    }

    private void leave(List<float[]> states, int first, int count, Taker taker) {
        Graph graph = Graph.forEvaluation();
        Feed feed = new Feed(device, graph, model, data, batch);
        int tokens = feed.labels().length;
        List<int[]> labels = new ArrayList<>();
        for (int at = 0; at < count; at += batch) {
            feed.fill(ids, first + at, Math.min(batch, count - at));
            labels.add(feed.labels().clone());
        }
        List<float[]> seen = new SlicedHead(device, model.head(), tokens).scan(states, labels);
        float[] parts = graph.scratch(TiledLoss.kept(tokens, model.head().rows()));
        Losses.Loss loss = TiledLoss.settle(graph, parts, feed.labels(), feed.weights());
        Plan plan = device.compile(graph.launches());
        for (int at = 0; at < count; at += batch) {
            int examples = Math.min(batch, count - at);
            feed.fill(ids, first + at, examples);
            System.arraycopy(seen.get(at / batch), 0, parts, 0, parts.length);
            feed.wrote(plan);
            plan.wrote(parts);
            plan.run();
            plan.read(loss.losses());
            plan.read(loss.correct());
            taker.batch(feed, loss, first + at, examples);
        }
    }

    /** The files have room for what comes next. */
    private void release() {
        for (Parameter p : model.parameters()) if (p.backed()) p.release();
    }
}
