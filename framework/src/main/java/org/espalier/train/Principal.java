package org.espalier.train;

import java.util.Arrays;
import org.espalier.engine.LinAlg;
import org.espalier.engine.Parameter;

/**
 * Factors that begin as the largest singular directions of a weight, which are taken out of it: W = (W − s·B₀·A₀) + s·B·A ("PiSSA:
 * Principal Singular Values and Singular Vectors Adaptation", 2024). Nothing of the weight is pruned from then on.
 *
 * @param pair the factors that are trained
 * @param a A₀ (rank, in), where A began
 * @param b B₀ (out, rank), where B began
 */
public record Principal(LowRank pair, float[] a, float[] b) {
    /** @param factor s */
    public static Principal beside(Training training, Parameter weight, int rank, float factor) {
        float[] a = training.array("principal/A/" + weight.name(), rank * weight.columns());
        float[] b = training.array("principal/B/" + weight.name(), weight.rows() * rank);
        if (training.fresh()) decompose(weight, rank, factor, a, b);
        LowRank pair = LowRank.beside(training, weight, rank, factor, to -> copy(a, to), to -> copy(b, to));
        if (training.fresh()) pair.takeOut();
        return new Principal(pair, a, b);
    }

    /** A₀ = √(S/s)·Vᵀ and B₀ = U·√(S/s) of the largest singular values S. */
    private static void decompose(Parameter weight, int rank, float factor, float[] a, float[] b) {
        int out = weight.rows(), in = weight.columns(), all = Math.min(out, in);
        LinAlg.Svd svd = LinAlg.svd(weight.value(), out, in);
        for (int k = 0; k < rank; k++) {
            double root = Math.sqrt(svd.values()[k] / factor);
            for (int i = 0; i < in; i++) a[k * in + i] = (float) (root * svd.vt()[k * in + i]);
            for (int o = 0; o < out; o++) b[o * rank + k] = (float) (root * svd.u()[o * all + k]);
        }
    }

    private static void copy(float[] from, float[] to) {
        System.arraycopy(from, 0, to, 0, to.length);
    }

    /** A over A₀ (2·rank, in): with {@link #wholeB} what is to be added to the weight as it was. */
    public float[] wholeA() {
        float[] whole = Arrays.copyOf(pair.a().value(), 2 * a.length);
        System.arraycopy(a, 0, whole, a.length, a.length);
        return whole;
    }

    /** B beside −B₀ (out, 2·rank). */
    public float[] wholeB() {
        int rank = pair.rank(), out = pair.weight().rows();
        float[] now = pair.b().value(), whole = new float[2 * b.length];
        for (int o = 0; o < out; o++)
            for (int k = 0; k < rank; k++) {
                whole[o * 2 * rank + k] = now[o * rank + k];
                whole[o * 2 * rank + rank + k] = -b[o * rank + k];
            }
        return whole;
    }
}
