package org.espalier.methods.select;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.espalier.data.Dataset;
import org.espalier.data.ngram.HashedNgrams;
import org.espalier.data.ngram.WordRule;
import org.espalier.data.select.GumbelNoise;
import org.espalier.data.select.KlReduction;
import org.espalier.data.select.LogRatio;
import org.espalier.data.select.NgramCounts;
import org.espalier.data.select.Resampling;
import org.espalier.models.LanguageModel;
import org.espalier.models.Model;
import org.espalier.select.Candidates;
import org.espalier.select.Selection;
import org.espalier.select.Selector;
import org.espalier.spec.Default;
import org.espalier.spec.Paper;

/**
 * DSIR: texts are drawn without replacement by how much likelier their hashed n-grams are in the target than in the text they are
 * drawn from, ln w = Σ ln p̂(target) − ln p̂(raw) (Xie et al. 2023, §3; numbers as the authors' package data-selection 1.0.3 computes
 * them, fitted on everything). Scores are the log weights, with separate targets the highest of each text's. The command
 * {@code resample} does the same for files of any size.
 *
 * @param target parts of the data whose texts are to be resembled
 * @param ngrams tokens of the longest n-grams
 * @param buckets number of buckets that n-grams are hashed into
 * @param minLength tokens that a text needs to be drawn (the package's own default, for documents, is 100)
 * @param words what makes words
 * @param topK whether the highest weights are taken as they are, without drawing
 * @param separate whether each target draws for itself, one after the other, instead of all as one
 * @param proportions the share of each separate target; left out, by their sizes
 */
@Paper(
        title = "Data Selection for Language Models via Importance Resampling",
        year = 2023,
        id = "2302.03169",
        tags = {"data selection", "importance resampling", "n-grams"})
public record Dsir(
        List<String> target,
        @Default("2") int ngrams,
        @Default("10000") int buckets,
        @Default("0") int minLength,
        @Default("unicode") WordRule words,
        @Default("false") boolean topK,
        @Default("false") boolean separate,
        @Default("[]") List<Double> proportions)
        implements Selector {
    public Dsir {
        target = List.copyOf(target);
        proportions = List.copyOf(proportions);
        HashedNgrams.check(ngrams, buckets);
        if (target.isEmpty()) throw new IllegalArgumentException("target is empty: what are texts to resemble?");
        if (new HashSet<>(target).size() < target.size())
            throw new IllegalArgumentException("target names a part twice: " + target);
        if (minLength < 0) throw new IllegalArgumentException("min-length must not be negative, got " + minLength);
        if (!proportions.isEmpty() && !separate)
            throw new IllegalArgumentException("proportions are for separate targets");
        if (!proportions.isEmpty() && proportions.size() != target.size())
            throw new IllegalArgumentException(proportions.size() + " proportions for " + target.size() + " targets");
        for (double share : proportions)
            if (!(share >= 0 && share < Double.POSITIVE_INFINITY))
                throw new IllegalArgumentException("proportions are numbers from 0, got " + proportions);
        if (!proportions.isEmpty() && proportions.stream().allMatch(share -> share == 0))
            throw new IllegalArgumentException("proportions must not all be 0");
    }

    @Override
    public Set<String> parts() {
        return new LinkedHashSet<>(target);
    }

    @Override
    public void check(Model model, Dataset.Shape form) {
        if (!(model instanceof LanguageModel))
            throw new IllegalArgumentException("dsir compares texts, of which this model reads none");
    }

    @Override
    public Selection select(Candidates pool) throws IOException {
        HashedNgrams hashed = new HashedNgrams(ngrams, buckets, words);
        List<int[]> texts = pool.texts().stream().map(hashed::of).toList();
        NgramCounts raw = counts(texts);
        List<NgramCounts> targets = new ArrayList<>();
        for (String part : target) {
            targets.add(
                    counts(pool.texts(pool.part(part)).stream().map(hashed::of).toList()));
            if (targets.getLast().total() == 0) throw new IllegalArgumentException("the target " + part + " is empty");
        }
        double[][] weights = weights(targets, raw, texts);
        int[] budgets = Resampling.budgets(pool.keep(), shares(targets));
        int[] ids = drawn(texts, weights, budgets, pool);
        double[] scores = new double[texts.size()], lengths = new double[texts.size()];
        for (int i = 0; i < scores.length; i++) {
            int text = i;
            scores[i] = Arrays.stream(weights).mapToDouble(w -> w[text]).max().orElseThrow();
            lengths[i] = length(texts.get(i));
        }
        NgramCounts chosen = counts(Arrays.stream(ids).mapToObj(texts::get).toList());
        Selection selection = new Selection(ids, scores, rule(budgets, texts.size()))
                .with("words", lengths)
                .with("kl-reduction", KlReduction.of(targets, raw, chosen));
        for (int t = 0; separate && t < weights.length; t++)
            selection = selection.with("weight-" + target.get(t), weights[t]);
        return selection;
    }

    private NgramCounts counts(List<int[]> texts) {
        NgramCounts counts = new NgramCounts(buckets);
        texts.forEach(counts::add);
        return counts;
    }

    /** Log weights of all texts for each target that draws. */
    private double[][] weights(List<NgramCounts> targets, NgramCounts raw, List<int[]> texts) {
        List<NgramCounts> drawing = targets;
        if (!separate) {
            drawing = List.of(new NgramCounts(buckets));
            targets.forEach(drawing.getFirst()::add);
        }
        return drawing.stream()
                .map(counts -> new LogRatio(counts, raw))
                .map(ratio -> texts.stream().mapToDouble(ratio::weight).toArray())
                .toArray(double[][]::new);
    }

    private double[] shares(List<NgramCounts> targets) {
        if (!separate) return new double[] {1};
        return proportions.isEmpty()
                ? targets.stream().mapToDouble(NgramCounts::total).toArray()
                : proportions.stream().mapToDouble(p -> p).toArray();
    }

    private int[] drawn(List<int[]> texts, double[][] weights, int[] budgets, Candidates pool) throws IOException {
        Optional<GumbelNoise> noise = topK
                ? Optional.empty()
                : Optional.of(new GumbelNoise(pool.random("dsir", 0).nextLong() >>> 32));
        Resampling.Candidates longEnough = (t, visitor) -> {
            for (int i = 0; i < texts.size(); i++)
                if (length(texts.get(i)) >= minLength) visitor.accept(i, weights[t][i]);
        };
        BitSet all = new BitSet();
        Resampling.choose(longEnough, budgets, noise).forEach(all::or);
        return all.stream().toArray();
    }

    private int length(int[] text) {
        return HashedNgrams.length(text.length, ngrams);
    }

    private String rule(int[] budgets, int texts) {
        String shares = separate ? ", for the targets " + target + " " + Arrays.toString(budgets) : "";
        return "the " + Arrays.stream(budgets).sum() + " of " + texts + " with the highest log weights"
                + (topK ? "" : " and Gumbel noise") + shares;
    }
}
