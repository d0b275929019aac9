package org.espalier.prune;

import java.util.Arrays;
import java.util.List;

/** One threshold over the scores of many sites. */
public final class Threshold {
    private Threshold() {}

    /** Exactly {@code target} entries survive in all; of equal scores, those of earlier layers go first. */
    public static double[] densities(List<float[]> scores, long target) {
        int size = scores.stream().mapToInt(s -> s.length).sum();
        float[] all = new float[size];
        int at = 0;
        for (float[] score : scores) {
            System.arraycopy(score, 0, all, at, score.length);
            at += score.length;
        }
        Arrays.sort(all);
        float threshold = target == 0 ? Float.POSITIVE_INFINITY : all[(int) (size - target)];
        long above = 0;
        for (float score : all) if (score > threshold) above++;
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
