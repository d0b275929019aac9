package org.espalier.data.select;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * Importance resampling without replacement: to each candidate's log weight a Gumbel deviate is added, and the k largest sums are
 * chosen (Xie et al., 2023, section 3). With several targets this is done once for each, among what the ones before it have left.
 */
public final class Resampling {
    private Resampling() {}

    /** The documents that may be chosen, in the order of the corpus; may be gone through again and again. */
    @FunctionalInterface
    public interface Candidates {
        /** Hands over each candidate's number and its log weight for a target. */
        void each(int target, Visitor visitor) throws IOException;
    }

    /** Takes candidates one by one, numbers rising. */
    @FunctionalInterface
    public interface Visitor {
        void accept(int id, double weight);
    }

    /**
     * Chooses documents.
     *
     * @param budgets how many for each target
     * @param noise what is added to the weights; empty to take the largest weights as they are
     * @return the numbers chosen for each target; no number is in two of them
     * @throws IllegalArgumentException where nothing is to be chosen, or no fewer than there are
     */
    public static List<BitSet> choose(Candidates candidates, int[] budgets, Optional<GumbelNoise> noise)
            throws IOException {
        int[] left = {0};
        candidates.each(0, (id, weight) -> left[0]++);
        int all = Arrays.stream(budgets).sum();
        if (all < 1) {
            throw new IllegalArgumentException("a selection of nothing: " + all + " documents are to be kept");
        }
        List<BitSet> chosen = new ArrayList<>();
        BitSet taken = new BitSet();
        for (int target = 0; target < budgets.length; target++) {
            if (budgets[target] > 0 && budgets[target] >= left[0]) {
                throw new IllegalArgumentException("cannot choose " + budgets[target] + " of " + left[0]
                        + " documents: resampling needs more candidates than it keeps");
            }
            chosen.add(
                    budgets[target] == 0 ? new BitSet() : largest(candidates, target, budgets[target], taken, noise));
            taken.or(chosen.getLast());
            left[0] -= budgets[target];
        }
        return chosen;
    }

    private static BitSet largest(
            Candidates candidates, int target, int budget, BitSet taken, Optional<GumbelNoise> noise)
            throws IOException {
        Largest largest = new Largest(budget);
        candidates.each(target, (id, weight) -> {
            if (!taken.get(id)) {
                largest.add(id, noise.isPresent() ? weight + noise.get().next() : weight);
            }
        });
        return largest.ids();
    }

    /** How many documents each target gets: its share rounded down, and the last one what is left. */
    public static int[] budgets(int all, double[] proportions) {
        double sum = DoubleStream.of(proportions).sum();
        int[] budgets = new int[proportions.length];
        int given = 0;
        for (int i = 0; i < budgets.length; i++) {
            budgets[i] = (int) (all * (proportions[i] / sum));
            given += budgets[i];
        }
        budgets[budgets.length - 1] += all - given;
        return budgets;
    }
}
