package org.espalier.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.espalier.data.Dataset;
import org.espalier.engine.Graph;
import org.espalier.engine.ops.Losses;
import org.espalier.launch.Device;
import org.espalier.launch.Plan;
import org.espalier.models.Model;
import org.espalier.train.Feed;

/**
 * Measures a model on a part of the data, again and again. It is traced once; after the model's masks or sizes have
 * changed, a new evaluator is needed.
 */
public final class Evaluator {
    /** Examples per replay. The sums below run over examples in order, so the scores hardly depend on it. */
    private static final int BATCH = 512;

    /** The same for images, whose activations are a hundred times larger than they are: more would leave the caches. */
    private static final int IMAGES = 64;

    /** Inputs up to this many floats stay assembled between evaluations. */
    private static final long KEEP_ASSEMBLED = 16_000_000;

    /** A mean loss and the share of examples whose label has the largest logit. */
    public record Score(double loss, double accuracy) {}

    private record Part(Feed feed, Losses.Loss loss, Plan plan, int first, int count) {}

    private final Dataset data;
    private final boolean assembled;
    private final List<Part> parts = new ArrayList<>();
    private final int[] ids;

    public Evaluator(Device device, Model model, Dataset data) {
        if (data.size() == 0) throw new IllegalArgumentException(data.name() + " holds no examples to evaluate on");
        this.data = data;
        this.ids = IntStream.range(0, data.size()).toArray();
        boolean images = model.inputShape().length > 1;
        int batch = Math.min(images ? IMAGES : BATCH, data.size());
        this.assembled = !images && (long) data.size() * data.features() <= KEEP_ASSEMBLED;
        Part shared = null;
        for (int first = 0; first < data.size(); first += batch) {
            int count = Math.min(batch, data.size() - first);
            Part part = shared == null || assembled
                    ? trace(device, model, batch, first, count)
                    : new Part(shared.feed, shared.loss, shared.plan, first, count);
            if (assembled) part.feed.fill(ids, first, count, 1f);
            parts.add(part);
            shared = part;
        }
    }

    private Part trace(Device device, Model model, int batch, int first, int count) {
        Graph graph = Graph.forEvaluation();
        Feed feed = new Feed(device, graph, model, data, batch);
        Losses.Loss loss =
                Losses.crossEntropy(graph, model.forward(graph, feed.input()), feed.labels(), feed.weights());
        return new Part(feed, loss, device.compile(graph.launches()), first, count);
    }

    public Score score() {
        double loss = 0;
        long correct = 0;
        for (Part part : parts) {
            if (!assembled) part.feed.fill(ids, part.first, part.count, 1f);
            part.plan.wrote(part.feed.input().value());
            part.plan.run();
            part.plan.read(part.loss.losses());
            part.plan.read(part.loss.correct());
            for (int i = 0; i < part.count; i++) {
                loss += part.loss.losses()[i];
                correct += part.loss.correct()[i] != 0f ? 1 : 0;
            }
        }
        return new Score(loss / data.size(), correct / (double) data.size());
    }
}
