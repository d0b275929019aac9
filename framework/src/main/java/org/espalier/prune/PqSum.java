package org.espalier.prune;

import java.util.List;
import org.espalier.engine.Mask;
import org.espalier.engine.Parameter;

/**
 * What is summed of surviving weights to say how unequal their sizes are: the PQ index of Diao et al. (2023, §3), I = 1 − d^(1/q − 1/p) ·
 * ‖w‖p / ‖w‖q, is 0 where all are as large and nears 1 where few hold all.
 *
 * @param count how many survive (d)
 * @param index the index; 0 where nothing or nothing but zeros survives
 */
public record PqSum(long count, double index) {
    /** Over all weights at once, with 0 &lt; p &lt; q. */
    public static PqSum of(List<Parameter> weights, double p, double q) {
        if (!(0 < p && p < q))
            throw new IllegalArgumentException("0 < p < q is needed, got p = " + p + " and q = " + q);
        long d = 0;
        double sumP = 0;
        double sumQ = 0;
        for (Parameter weight : weights) {
            Mask mask = weight.survivors();
            float[] value = weight.passing();
            for (int i = 0; i < value.length; i++) {
                if (mask != null && !mask.keeps(i)) continue;
                d++;
                sumP += Math.pow(Math.abs(value[i]), p);
                sumQ += Math.pow(Math.abs(value[i]), q);
            }
        }
        if (d == 0 || sumQ == 0) return new PqSum(d, 0);
        double norms = Math.pow(sumP, 1 / p) / Math.pow(sumQ, 1 / q);
        return new PqSum(d, Math.max(0, 1 - Math.pow(d, 1 / q - 1 / p) * norms));
    }
}
