package org.espalier.methods.hooks;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.espalier.data.Dataset;
import org.espalier.engine.Graph;
import org.espalier.engine.Sketch;
import org.espalier.engine.ops.Uncertainty;
import org.espalier.launch.Launch;
import org.espalier.launch.Plan;
import org.espalier.models.LanguageModel;
import org.espalier.models.Model;
import org.espalier.spec.Default;
import org.espalier.spec.Paper;
import org.espalier.train.Batch;
import org.espalier.train.Feed;
import org.espalier.train.Hook;
import org.espalier.train.Training;

/**
 * Before each update looks at the batch as the network sees it now, and places every sample by its error (perplexity) and its
 * uncertainty (mean entropy). Confident errors are kept, and of their tokens some (the paper's Q2); unsure successes are kept whole (Q4);
 * noise (both high, Q1) and what is known already (both low, Q3) go. Where the four corners of the plane hold too few samples, those that
 * come nearest to Q2 or Q4 fill up. An update is made of the same number of samples each time.
 *
 * @param samples the share of a batch that is kept
 * @param tokens the share of a Q2 sample's tokens that count
 * @param neighbours what the neighbours' perplexities count in a token's score, against its own (λ)
 * @param keep which end of the token scores stays: the paper's prose and its ablation remove high scores, its listing keeps them
 */
@Paper(
        title =
                "Winning the Pruning Gamble: A Unified Approach to Joint Sample and Token Pruning for Efficient Supervised Fine-Tuning",
        year = 2025,
        id = "2509.23873")
public record QTuning(
        @Default("0.5") double samples,
        @Default("0.5") double tokens,
        @Default("0.5") double neighbours,
        @Default("lowest") Keep keep)
        implements Hook {
    /** Which tokens of a sample count. */
    public enum Keep {
        LOWEST,
        HIGHEST
    }

    /** Halvings of the interval in which the thresholds are looked for. */
    private static final int ROUNDS = 9;

    public QTuning {
        if (!(samples > 0 && samples <= 1))
            throw new IllegalArgumentException("samples must lie in (0, 1], got " + samples);
        if (!(tokens > 0 && tokens <= 1))
            throw new IllegalArgumentException("tokens must lie in (0, 1], got " + tokens);
        if (!(neighbours >= 0 && neighbours <= 1))
            throw new IllegalArgumentException("neighbours must lie in [0, 1], got " + neighbours);
    }

    @Override
    public void check(Model model) {
        if (!(model instanceof LanguageModel))
            throw new IllegalArgumentException("q-tuning looks at tokens, and this network is no language model");
    }

    @Override
    public Live start(Training training) {
        return new Triage(training);
    }

    private int kept(int of) {
        return Math.max(1, (int) Math.round(samples * of));
    }

    /**
     * Which samples stay, and as what.
     *
     * @param place of each sample of the batch: 1 to 4 for the quarters of the plane, 0 between them
     * @param whole whether all its tokens count
     */
    record Verdict(int[] kept, int[] place, boolean[] whole) {}

    /**
     * Places samples on the plane.
     *
     * @param errors perplexity of each
     * @param doubts mean entropy of each
     */
    Verdict judge(double[] errors, double[] doubts) {
        int n = errors.length, wanted = kept(n);
        int[] place = places(errors, doubts, threshold(errors, doubts, wanted / (double) n));
        double[] lean = lean(errors, doubts);
        int[] order = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.<Integer>comparingInt(i -> place[i] == 2 || place[i] == 4 ? 0 : 1)
                        .thenComparingDouble(i -> -Math.abs(lean[i]))
                        .thenComparingInt(i -> i))
                .limit(wanted)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
        boolean[] whole = new boolean[n];
        for (int i = 0; i < n; i++) whole[i] = place[i] == 4 || place[i] != 2 && lean[i] <= 0;
        return new Verdict(order, place, whole);
    }

    /** The quantile, found by bisection, at which as large a share as is wanted lies in Q2 and Q4, or a little more. */
    private static double threshold(double[] errors, double[] doubts, double wanted) {
        double low = 0, high = 0.5;
        for (int round = 0; round < ROUNDS; round++) {
            double middle = (low + high) / 2;
            long there = Arrays.stream(places(errors, doubts, middle))
                    .filter(p -> p == 2 || p == 4)
                    .count();
            if (there / (double) errors.length < wanted) low = middle;
            else high = middle;
        }
        return high;
    }

    private static int[] places(double[] errors, double[] doubts, double at) {
        double lowError = quantile(errors, at), highError = quantile(errors, 1 - at);
        double lowDoubt = quantile(doubts, at), highDoubt = quantile(doubts, 1 - at);
        int[] places = new int[errors.length];
        for (int i = 0; i < places.length; i++) {
            boolean wrong = errors[i] >= highError, right = errors[i] <= lowError;
            boolean unsure = doubts[i] >= highDoubt, sure = doubts[i] <= lowDoubt;
            places[i] = wrong && sure ? 2 : right && unsure ? 4 : wrong && unsure ? 1 : right && sure ? 3 : 0;
        }
        return places;
    }

    /** Between two neighbours in order, in proportion. */
    private static double quantile(double[] values, double at) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double rank = at * (sorted.length - 1);
        int below = (int) rank;
        double above = below + 1 < sorted.length ? sorted[below + 1] : sorted[below];
        return sorted[below] + (rank - below) * (above - sorted[below]);
    }

    /** Error minus doubt, both brought to [0, 1]: near 1 for Q2, near −1 for Q4. */
    private static double[] lean(double[] errors, double[] doubts) {
        double[] lean = new double[errors.length];
        for (int i = 0; i < lean.length; i++) lean[i] = unit(errors, i) - unit(doubts, i);
        return lean;
    }

    private static double unit(double[] values, int i) {
        double least = Arrays.stream(values).min().orElse(0),
                most = Arrays.stream(values).max().orElse(0);
        return most > least ? (values[i] - least) / (most - least) : 0;
    }

    /**
     * Which tokens of a sample count.
     *
     * @param perplexities exp(loss) of each token that has a label
     */
    boolean[] counting(double[] perplexities) {
        int n = perplexities.length;
        double[] scores = new double[n];
        for (int i = 0; i < n; i++) {
            double before = perplexities[Math.max(0, i - 1)], after = perplexities[Math.min(n - 1, i + 1)];
            scores[i] = (1 - neighbours) * perplexities[i] + neighbours * (before + after);
        }
        Comparator<Integer> order = Comparator.comparingDouble(i -> scores[i]);
        if (keep == Keep.HIGHEST) order = order.reversed();
        boolean[] counting = new boolean[n];
        IntStream.range(0, n)
                .boxed()
                .sorted(order.thenComparing(Comparator.naturalOrder()))
                .limit(Math.max(1, Math.round(tokens * n)))
                .forEach(i -> counting[i] = true);
        return counting;
    }

    /** The hook at work: a forward pass over the whole batch before each update. */
    private final class Triage implements Live {
        private static final List<String> PLACES = List.of("between", "q1", "q2", "q3", "q4");

        private final Training training;
        private final Dataset data;
        private final float[] seen;
        private Feed feed;
        private Plan plan;
        private Uncertainty uncertainty;
        private long bytes;

        Triage(Training training) {
            this.training = training;
            this.data = training.data();
            this.seen = training.array("q-tuning/seen", PLACES.size());
        }

        @Override
        public int examples(int batch) {
            Sketch sketch = new Sketch();
            Sketch.Arena arena = sketch.arena(traced(sketch, batch));
            plan = training.device().compile(traced(arena, batch));
            bytes = arena.bytes();
            return kept(batch);
        }

        private List<Launch> traced(Graph.Memory memory, int batch) {
            Graph graph = Graph.forEvaluation(memory);
            feed = new Feed(training.device(), graph, training.model(), data, batch);
            LanguageModel model = (LanguageModel) training.model();
            uncertainty = model.uncertainty(graph, feed.input(), feed.labels());
            return graph.launches();
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public Batch choose(Batch batch, long step) {
            int n = batch.ids().length;
            feed.fill(batch.ids(), 0, n);
            feed.wrote(plan);
            plan.run();
            plan.read(uncertainty.losses());
            plan.read(uncertainty.entropies());
            double[] errors = new double[n], doubts = new double[n];
            for (int i = 0; i < n; i++) place(batch.ids()[i], i, errors, doubts);
            Verdict verdict = judge(errors, doubts);
            for (int place : verdict.place) seen[place]++;
            return trimmed(batch, verdict);
        }

        private void place(int id, int i, double[] errors, double[] doubts) {
            double loss = 0, entropy = 0, labels = 0;
            for (int p = 0; p < data.labels(); p++) {
                if (data.weight(id, p) == 0) continue;
                loss += uncertainty.losses()[i * data.labels() + p];
                entropy += uncertainty.entropies()[i * data.labels() + p];
                labels++;
            }
            errors[i] = Math.exp(loss / Math.max(1, labels));
            doubts[i] = entropy / Math.max(1, labels);
        }

        private Batch trimmed(Batch batch, Verdict verdict) {
            int each = data.labels();
            int[] ids = new int[verdict.kept.length];
            float[] weights = new float[ids.length * each];
            for (int k = 0; k < ids.length; k++) {
                int i = verdict.kept[k];
                ids[k] = batch.ids()[i];
                int[] labelled = labelled(ids[k]);
                double[] perplexities = new double[labelled.length];
                for (int j = 0; j < labelled.length; j++)
                    perplexities[j] = Math.exp(uncertainty.losses()[i * each + labelled[j]]);
                boolean[] counting = verdict.whole[i] ? null : counting(perplexities);
                for (int j = 0; j < labelled.length; j++)
                    if (counting == null || counting[j])
                        weights[k * each + labelled[j]] = data.weight(ids[k], labelled[j]);
            }
            return new Batch(ids, weights);
        }

        private int[] labelled(int id) {
            return IntStream.range(0, data.labels())
                    .filter(p -> data.weight(id, p) != 0)
                    .toArray();
        }

        @Override
        public Map<String, Double> findings() {
            Map<String, Double> findings = new LinkedHashMap<>();
            for (int i = 0; i < seen.length; i++) findings.put("q-tuning." + PLACES.get(i), (double) seen[i]);
            return findings;
        }
    }
}
