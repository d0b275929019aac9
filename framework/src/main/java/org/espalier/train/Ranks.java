package org.espalier.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Gives up the ranks that matter least among all matrices, as a budget says ("Adaptive Budget Allocation", 2023, section 3.2). */
public final class Ranks {
    private final List<Singular> matrices;
    private final RankBudget budget;
    private final List<Importance> ofA = new ArrayList<>();
    private final List<Importance> ofB = new ArrayList<>();
    private final List<Importance> ofE = new ArrayList<>();

    /**
     * @param beta1 with {@code beta2}, how much of what importance was before stays at each update
     */
    public Ranks(Training training, List<Singular> matrices, RankBudget budget, double beta1, double beta2) {
        this.matrices = List.copyOf(matrices);
        this.budget = budget;
        for (Singular matrix : matrices) {
            ofA.add(new Importance(training, matrix.pair().a(), beta1, beta2));
            ofB.add(new Importance(training, matrix.pair().b(), beta1, beta2));
            ofE.add(new Importance(training, matrix.e(), beta1, beta2));
        }
    }

    /**
     * Follows the budget after an update. Ranks that were given up may come back, until the choice is final.
     *
     * @param step updates made so far, counted from 1
     */
    public void updated(long step) {
        if (step < budget.last()) for (List<Importance> all : List.of(ofA, ofB, ofE)) all.forEach(Importance::updated);
        if (budget.chooses(step)) choose(budget.at(step));
        if (budget.chooses(step) || step > budget.last()) matrices.forEach(Singular::mask);
    }

    private void choose(int ranks) {
        double[][] scores = new double[matrices.size()][];
        for (int m = 0; m < scores.length; m++) scores[m] = scores(m);
        double[] sorted =
                Arrays.stream(scores).flatMapToDouble(Arrays::stream).sorted().toArray();
        double threshold = ranks >= sorted.length ? Double.NEGATIVE_INFINITY : sorted[sorted.length - ranks - 1];
        for (int m = 0; m < scores.length; m++) matrices.get(m).keepAbove(threshold, scores[m]);
    }

    /** The importance of E_k, and the mean ones of row k of A and column k of B. */
    private double[] scores(int matrix) {
        LowRank pair = matrices.get(matrix).pair();
        int rank = pair.rank(),
                in = pair.weight().columns(),
                out = pair.weight().rows();
        double[] scores = new double[rank];
        for (int k = 0; k < rank; k++)
            scores[k] = ofE.get(matrix).of(k, 1, 1)
                    + ofA.get(matrix).of(k * in, in, 1)
                    + ofB.get(matrix).of(k, out, rank);
        return scores;
    }
}
