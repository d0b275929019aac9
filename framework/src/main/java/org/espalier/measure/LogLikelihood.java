package org.espalier.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Losses;
import org.espalier.launch.Device;
import org.espalier.launch.Plan;
import org.espalier.models.LanguageModel;

/**
 * How probable a language model finds continuations. Requests of similar length share a batch; what stands behind a sequence can't
 * be seen from it, so neither the batch nor the padding changes an answer.
 */
public final class LogLikelihood {
    private static final int LENGTHS = 16;
    private static final int TOKENS = 2048;

    /**
     * One question.
     *
     * @param context token numbers, at least one
     * @param continuation token numbers, at least one
     */
    public record Request(int[] context, int[] continuation) {
        public Request {
            if (context.length < 1 || continuation.length < 1)
                throw new IllegalArgumentException("a request needs a context and a continuation");
        }
    }

    /**
     * Its answer.
     *
     * @param sum of the natural logarithms of the continuation's token probabilities
     * @param greedy whether each of them was the most probable
     */
    public record Answer(double sum, boolean greedy) {}

    private record Seen(int request, int[] tokens, int scored) {}

    private LogLikelihood() {}

    /** The answers in the order of the requests. Contexts that are too long lose their beginning. */
    public static List<Answer> of(Device device, LanguageModel model, List<Request> requests) {
        Map<Integer, List<Seen>> byLength = new TreeMap<>();
        for (int i = 0; i < requests.size(); i++) {
            Seen seen = seen(i, requests.get(i), model.context());
            int length = Math.min(model.context(), (seen.tokens.length + LENGTHS - 2) / LENGTHS * LENGTHS);
            byLength.computeIfAbsent(length, l -> new ArrayList<>()).add(seen);
        }
        Answer[] answers = new Answer[requests.size()];
        byLength.forEach((length, group) -> new Batches(device, model, length, group.size()).answer(group, answers));
        return List.of(answers);
    }

    private static Seen seen(int number, Request request, int context) {
        int[] all = Arrays.copyOf(request.context, request.context.length + request.continuation.length);
        System.arraycopy(request.continuation, 0, all, request.context.length, request.continuation.length);
        if (request.continuation.length > context)
            throw new IllegalArgumentException("a continuation of " + request.continuation.length
                    + " tokens is longer than the model's context of " + context);
        int from = Math.max(0, all.length - context - 1);
        return new Seen(number, Arrays.copyOfRange(all, from, all.length), request.continuation.length);
    }

    private static final class Batches {
        private final int length;
        private final int batch;
        private final Tensor tokens;
        private final int[] labels;
        private final float[] weights;
        private final Losses.Loss loss;
        private final Plan plan;

        Batches(Device device, LanguageModel model, int length, int requests) {
            this.length = length;
            this.batch = Math.clamp(TOKENS / length, 1, requests);
            Graph g = Graph.forEvaluation();
            tokens = g.input("tokens", batch, new int[] {length}, Layout.ROWS);
            labels = new int[batch * length];
            weights = new float[batch * length];
            loss = model.loss(g, tokens, labels, weights);
            plan = device.compile(g.launches());
        }

        void answer(List<Seen> group, Answer[] answers) {
            for (int first = 0; first < group.size(); first += batch) {
                List<Seen> now = group.subList(first, Math.min(group.size(), first + batch));
                fill(now);
                plan.wrote(tokens.value());
                plan.run();
                plan.read(loss.losses());
                plan.read(loss.correct());
                for (int row = 0; row < now.size(); row++) answers[now.get(row).request] = read(now.get(row), row);
            }
        }

        private void fill(List<Seen> now) {
            Arrays.fill(tokens.value(), 0f);
            Arrays.fill(labels, 0);
            Arrays.fill(weights, 0f);
            for (int row = 0; row < now.size(); row++) {
                int[] all = now.get(row).tokens;
                for (int t = 0; t + 1 < all.length; t++) {
                    tokens.value()[row * length + t] = all[t];
                    labels[row * length + t] = all[t + 1];
                    if (t + 1 >= all.length - now.get(row).scored) weights[row * length + t] = 1f;
                }
            }
        }

        private Answer read(Seen seen, int row) {
            double sum = 0;
            boolean greedy = true;
            int end = seen.tokens.length - 1;
            for (int t = end - seen.scored; t < end; t++) {
                sum -= loss.losses()[row * length + t];
                greedy &= loss.correct()[row * length + t] != 0f;
            }
            return new Answer(sum, greedy);
        }
    }
}
