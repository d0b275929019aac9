package org.espalier.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.espalier.data.Dataset;
import org.espalier.engine.Graph;
import org.espalier.engine.ops.Losses;
import org.espalier.launch.Device;
import org.espalier.launch.Plan;
import org.espalier.models.LanguageModel;
import org.espalier.models.Model;
import org.espalier.train.Feed;

/**
 * Measures a model on a part of the data, again and again. It is traced once, unless its weights lie in files; after the model's masks
 * or sizes have changed, a new evaluator is needed.
 */
public final class Evaluator {
    /** Examples per replay. The sums below run over examples in order, so the scores hardly depend on it. */
    private static final int BATCH = 512;

    /** The same for images, whose activations are a hundred times larger than they are: more would leave the caches. */
    private static final int IMAGES = 64;

    /** Inputs up to this many floats stay assembled between evaluations. */
    private static final long KEEP_ASSEMBLED = 16_000_000;

    /** The same for sequences, in tokens. */
    private static final int TOKENS = 2048;

    /** A mean loss and the share of labels that have the largest logit. */
    public record Score(double loss, double accuracy) {}

    private record Part(Feed feed, Losses.Loss loss, Plan plan, int first, int count) {}

    private final Dataset data;
    private final boolean assembled;
    private final List<Part> parts = new ArrayList<>();
    private final int[] ids;
    private final BlockwiseLosses blockwise;

    public Evaluator(Device device, Model model, Dataset data) {
        if (data.size() == 0) throw new IllegalArgumentException(data.name() + " holds no examples to evaluate on");
        this.data = data;
        this.ids = IntStream.range(0, data.size()).toArray();
        boolean images = model.inputShape().length > 1;
        int most = data.labels() > 1 ? Math.max(1, TOKENS / data.labels()) : images ? IMAGES : BATCH;
        int batch = Math.min(most, data.size());
        this.blockwise =
                BlockwiseLosses.needed(model) ? new BlockwiseLosses(device, (LanguageModel) model, data) : null;
        this.assembled = !images && data.labels() == 1 && (long) data.size() * data.features() <= KEEP_ASSEMBLED;
        if (blockwise != null) return;
        Part shared = null;
        for (int first = 0; first < data.size(); first += batch) {
            int count = Math.min(batch, data.size() - first);
            Part part = shared == null || assembled
                    ? trace(device, model, batch, first, count)
                    : new Part(shared.feed, shared.loss, shared.plan, first, count);
            if (assembled) part.feed.fill(ids, first, count);
            parts.add(part);
            shared = part;
        }
    }

    private Part trace(Device device, Model model, int batch, int first, int count) {
        Graph graph = Graph.forEvaluation();
        Feed feed = new Feed(device, graph, model, data, batch);
        Losses.Loss loss = model.loss(graph, feed.input(), feed.labels(), feed.weights());
        return new Part(feed, loss, device.compile(graph.launches()), first, count);
    }

    public Score score() {
        double[] sums = new double[3];
        each((example, loss, weight, correct) -> {
            sums[0] += loss;
            sums[1] += weight;
            sums[2] += correct;
        });
        return new Score(sums[0] / sums[1], sums[2] / sums[1]);
    }

    /** The mean loss of each example, in their order. */
    public double[] losses() {
        double[] means = new double[data.size()];
        each((example, loss, weight, correct) -> means[example] = loss / weight);
        return means;
    }

    private interface Taker {
        void take(int example, double loss, double weight, double correct);
    }

    private void each(Taker taker) {
        if (blockwise != null) {
            blockwise.each((feed, loss, first, count) -> take(feed, loss, first, count, taker));
            return;
        }
        for (Part part : parts) {
            if (!assembled) part.feed.fill(ids, part.first, part.count);
            part.feed.wrote(part.plan);
            part.plan.run();
            part.plan.read(part.loss.losses());
            part.plan.read(part.loss.correct());
            take(part.feed, part.loss, part.first, part.count, taker);
        }
    }

    private void take(Feed feed, Losses.Loss batch, int first, int count, Taker taker) {
        int labels = data.labels();
        for (int i = 0, at = 0; i < count; i++) {
            double loss = 0;
            double weight = 0;
            double correct = 0;
            for (int p = 0; p < labels; p++, at++) {
                loss += batch.losses()[at];
                weight += feed.weights()[at];
                if (feed.weights()[at] != 0f) correct += batch.correct()[at];
            }
            taker.take(first + i, loss, weight, correct);
        }
    }
}
