package org.espalier.select;

import java.util.Arrays;
import java.util.stream.IntStream;

/** How a budget is shared out by weight. */
public final class Apportionment {
    private Apportionment() {}

    /** ⌊budget · weight / Σ weights⌋ each; equal weights if all are 0. What rounding leaves is nobody's. */
    public static int[] floors(int budget, double[] weights) {
        double[] w = positive(weights);
        double total = Arrays.stream(w).sum();
        return Arrays.stream(w)
                .mapToInt(v -> (int) Math.floor(budget * v / total))
                .toArray();
    }

    /**
     * The whole budget, as far as there is room: floors first, what they leave by the largest remainder (of equal ones the first), and what
     * does not fit to those that have room, in the same way.
     *
     * @param room the most that each can take
     */
    public static int[] whole(int budget, double[] weights, int[] room) {
        int[] shares = new int[weights.length];
        int left = Math.min(budget, Arrays.stream(room).sum());
        while (left > 0) {
            int[] open = IntStream.range(0, shares.length)
                    .filter(i -> shares[i] < room[i])
                    .toArray();
            double[] w =
                    positive(IntStream.of(open).mapToDouble(i -> weights[i]).toArray());
            double total = Arrays.stream(w).sum();
            double[] remainder = new double[open.length];
            for (int i = 0; i < open.length; i++) {
                double quota = left * w[i] / total;
                int fits = Math.min((int) Math.floor(quota), room[open[i]] - shares[open[i]]);
                shares[open[i]] += fits;
                remainder[i] = shares[open[i]] < room[open[i]] ? quota - Math.floor(quota) : 0;
            }
            left = Math.min(budget, Arrays.stream(room).sum())
                    - Arrays.stream(shares).sum();
            for (int i : Ranking.highestFirst(remainder)) {
                if (left == 0 || remainder[i] == 0) break;
                shares[open[i]]++;
                left--;
            }
        }
        return shares;
    }

    private static double[] positive(double[] weights) {
        for (double w : weights)
            if (!(w >= 0) || Double.isInfinite(w)) throw new IllegalArgumentException("a weight is " + w);
        double[] equal = new double[weights.length];
        Arrays.fill(equal, 1);
        return Arrays.stream(weights).sum() > 0 ? weights : equal;
    }
}
