package org.espalier.methods.select;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.espalier.data.Dataset;
import org.espalier.models.LanguageModel;
import org.espalier.models.Model;
import org.espalier.select.Apportionment;
import org.espalier.select.Candidates;
import org.espalier.select.ConceptGraph;
import org.espalier.select.Divergence;
import org.espalier.select.Factors;
import org.espalier.select.KeyPhrases;
import org.espalier.select.Ranking;
import org.espalier.select.Selection;
import org.espalier.select.Selector;
import org.espalier.select.SentenceEncoder;
import org.espalier.select.Spectral;
import org.espalier.spec.Default;
import org.espalier.spec.Paper;

/**
 * PASER (He et al. 2025): what pruning has hurt is healed with the examples that show the hurt. Texts are clustered by meaning; each
 * cluster gets a part of the budget by how far the pruned network has moved from the dense one on it; within a cluster those come first
 * that show most for their cost; and none is taken that ties concepts which the others keep apart.
 *
 * <p>The paper averages the divergence over tokens and chooses the number of clusters by the error of the factorisation; its repository sums
 * ({@code divergence: sum}), fixes 10 ({@code clusters: 10}), and leaves unspent what rounding and rejections leave
 * ({@code leftover: lost}).
 *
 * @param dense the name under which a {@code save} has remembered the network before it was pruned
 * @param encoder of sentences: a dataset that can be fetched, or a folder
 * @param tokens of a text that the encoder looks at
 * @param clusters how many; left out, the number up to {@code most} whose factorisation has the least relative error, which tends to be a
 *     small one, since fewer eigenvectors are easier to factorise
 * @param concepts key phrases of an example that must not conflict with those of others; 0 takes every example. Of 190 words of Brown's
 *     texts the first 20 are phrases that hardly ever meet; of 30, single words among them, six in ten windows conflict
 */
@Paper(
        title = "PASER: Post-Training Data Selection for Efficient Pruned Large Language Model Recovery",
        year = 2025,
        id = "2502.12594",
        tags = {"data selection", "recovery"})
public record Paser(
        @Default("dense") String dense,
        @Default("minilm-l6-v2") String encoder,
        @Default("256") int tokens,
        Optional<Integer> clusters,
        @Default("10") int most,
        @Default("mean") Over divergence,
        @Default("shared") Leftover leftover,
        @Default("25") int concepts)
        implements Selector {
    /** How the divergences of an example's tokens become one number. */
    public enum Over {
        MEAN,
        SUM
    }

    /** What becomes of budget that no cluster spends. */
    public enum Leftover {
        SHARED,
        LOST
    }

    /** The kernel and its factorisation are matrices of all pairs. */
    private static final int MOST_EXAMPLES = 2000;

    private static final int ROUNDS = 100;

    public Paser {
        clusters.ifPresent(k -> {
            if (k < 1) throw new IllegalArgumentException("clusters must be at least 1, got " + k);
        });
        if (most < 2) throw new IllegalArgumentException("most must be at least 2, got " + most);
        if (tokens < 3) throw new IllegalArgumentException("tokens must be at least 3, got " + tokens);
        if (concepts < 0) throw new IllegalArgumentException("concepts must not be negative, got " + concepts);
    }

    @Override
    public Set<String> saves() {
        return Set.of(dense);
    }

    @Override
    public void check(Model model, Dataset.Shape form) {
        if (!(model instanceof LanguageModel))
            throw new IllegalArgumentException("paser compares what two language models say of texts");
    }

    @Override
    public double passes(long there) {
        return 2.0 * there;
    }

    @Override
    public Selection select(Candidates pool) throws IOException {
        int n = pool.data().size();
        if (n > MOST_EXAMPLES)
            throw new IllegalArgumentException("paser compares all pairs of examples: " + n + " are more than "
                    + MOST_EXAMPLES + "; select some of them at random first");
        List<String> texts = pool.texts();
        float[][] vectors =
                SentenceEncoder.open(encoder, pool.sources().datasets()).embed(pool.device(), texts, tokens);
        double[] divergences = divergences(pool);
        Factors factors = factors(pool, Spectral.of(vectors));
        int[] cluster = factors.clusters();
        double[] efficiency = efficiency(pool.data(), divergences);
        int[] budgets = budgets(pool.keep(), divergences, cluster, factors.k());
        Choice choice = new Choice(efficiency, cluster, texts, concepts);
        choice.byCluster(budgets);
        if (leftover == Leftover.SHARED) choice.rest(pool.keep());
        String rule = choice.count + " of " + n + " in " + factors.k() + " clusters by their mean divergence, "
                + "the highest divergence per cost first; " + choice.rejected() + " refused for their concepts";
        double[] of = Arrays.stream(cluster).asDoubleStream().toArray();
        return new Selection(choice.ids(), efficiency, rule)
                .with("divergence", divergences)
                .with("cluster", of)
                .with("clusters", factors.k())
                .with("factorisation-error", factors.error())
                .with("refused", choice.rejected())
                .with("divergence", Arrays.stream(divergences).average().orElse(0));
    }

    /** One for each example; what is done of them survives a kill. */
    private double[] divergences(Candidates pool) {
        Dataset data = pool.data();
        float[] done = pool.progress().arrays().array("paser/done", 1);
        float[] found = pool.progress().arrays().array("paser/divergence", data.size());
        Divergence between =
                new Divergence(pool.device(), pool.networks().saved().apply(dense), pool.model(), data);
        for (int first = (int) done[0]; first < data.size(); first += between.batch()) {
            double[] sums = between.sums(first);
            for (int i = 0; i < sums.length; i++)
                found[first + i] = (float) (divergence == Over.SUM ? sums[i] : sums[i] / counting(data, first + i));
            done[0] = first + sums.length;
            pool.progress().moment();
        }
        double[] divergences = new double[found.length];
        Arrays.setAll(divergences, i -> found[i]);
        return divergences;
    }

    private static int counting(Dataset data, int example) {
        return Math.max(1, data.length(example) - 1);
    }

    private Factors factors(Candidates pool, Spectral spectral) {
        int n = spectral.size();
        int least = clusters.orElse(Math.min(2, n)), last = Math.min(n, clusters.orElse(most));
        Factors best = null;
        for (int k = Math.min(least, n); k <= last; k++) {
            Factors found = Factors.of(spectral.similarity(k), n, k, ROUNDS, pool.random("paser", k));
            if (best == null || found.error() < best.error()) best = found;
        }
        return best;
    }

    /** Divergence per logarithm of the cost, which grows with the square of the length. */
    static double[] efficiency(Dataset data, double[] divergences) {
        double[] efficiency = new double[divergences.length];
        Arrays.setAll(efficiency, i -> divergences[i] / (2 * StrictMath.log(Math.max(2, data.length(i)))));
        return efficiency;
    }

    /** Of each cluster, by its mean divergence; the same for all if nothing diverges. */
    int[] budgets(int keep, double[] divergences, int[] cluster, int clusters) {
        double[] mean = new double[clusters];
        int[] size = new int[clusters];
        for (int i = 0; i < cluster.length; i++) {
            mean[cluster[i]] += divergences[i];
            size[cluster[i]]++;
        }
        for (int c = 0; c < clusters; c++) mean[c] /= Math.max(1, size[c]);
        return leftover == Leftover.LOST ? Apportionment.floors(keep, mean) : Apportionment.whole(keep, mean, size);
    }

    /** A choice in the making. */
    static final class Choice {
        private final int[] order;
        private final int[] cluster;
        private final List<String> texts;
        private final int concepts;
        private final ConceptGraph graph = new ConceptGraph();
        private final boolean[] chosen;
        private final boolean[] seen;
        private int count;

        Choice(double[] efficiency, int[] cluster, List<String> texts, int concepts) {
            this.order = Ranking.highestFirst(efficiency);
            this.cluster = cluster;
            this.texts = texts;
            this.concepts = concepts;
            this.chosen = new boolean[cluster.length];
            this.seen = new boolean[cluster.length];
        }

        void byCluster(int[] budgets) {
            for (int c = 0; c < budgets.length; c++) {
                int left = budgets[c];
                for (int i : order) if (left > 0 && cluster[i] == c && takes(i)) left--;
            }
        }

        /** Spends what is left on the best of the others, whatever their cluster. */
        void rest(int keep) {
            for (int i : order) if (count < keep && !seen[i]) takes(i);
        }

        private boolean takes(int i) {
            seen[i] = true;
            chosen[i] = concepts == 0 || graph.accept(KeyPhrases.of(texts.get(i), concepts));
            if (chosen[i]) count++;
            return chosen[i];
        }

        int rejected() {
            int rejected = 0;
            for (int i = 0; i < seen.length; i++) if (seen[i] && !chosen[i]) rejected++;
            return rejected;
        }

        int[] ids() {
            return IntStream.range(0, chosen.length).filter(i -> chosen[i]).toArray();
        }
    }
}
