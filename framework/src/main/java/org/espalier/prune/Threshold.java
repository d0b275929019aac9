package org.espalier.prune;

import java.util.List;

/** One threshold over the scores of many sites. */
public final class Threshold {
    private Threshold() {}

    /** Exactly {@code target} entries survive in all; of equal scores, those of earlier layers go first. */
    public static double[] densities(List<float[]> scores, long target) {
        long size = scores.stream().mapToLong(s -> s.length).sum();
        float threshold = target == 0 ? Float.POSITIVE_INFINITY : OrderStatistic.at(scores, size - target);
        long above = 0;
        for (float[] array : scores) for (float score : array) if (score > threshold) above++;
        long ties = target - above;
        double[] density = new double[scores.size()];
        for (int s = scores.size() - 1; s >= 0; s--) {
            long kept = 0;
            long equal = 0;
            for (float score : scores.get(s)) {
                if (score > threshold) kept++;
                else if (score == threshold) equal++;
            }
            long taken = Math.min(equal, ties);
            ties -= taken;
            density[s] = (kept + taken) / (double) scores.get(s).length;
        }
        return density;
    }
}
