package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/** Norms of the rows of W + s·B·A, without that matrix. */
public final class AdaptedNorms {
    private AdaptedNorms() {}

    /**
     * norm[o] = ‖W[o] + s·B[o]·A‖, by |w|² + 2s·b·(A·w) + s²·b·(A·Aᵀ)·b; the slice runs over o.
     *
     * @param squares (out): |W[o]|²
     * @param b (out, rank)
     * @param cross (out, rank): W·Aᵀ
     * @param gram (rank, rank): A·Aᵀ
     */
    public static void rows(
            float[] norm,
            float[] squares,
            float[] b,
            float[] cross,
            float[] gram,
            float s,
            int rank,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int o = first + i;
            float mixed = 0f;
            float added = 0f;
            for (int k = 0; k < rank; k++) {
                float row = 0f;
                for (int l = 0; l < rank; l++) row += gram[k * rank + l] * b[o * rank + l];
                mixed += b[o * rank + k] * cross[o * rank + k];
                added += b[o * rank + k] * row;
            }
            norm[o] = TornadoMath.sqrt(TornadoMath.max(0f, squares[o] + 2f * s * mixed + s * s * added));
        }
    }

    /**
     * ratio = magnitude / norm and inverse = 1 / norm, for rows that are zero as a whole 1 and 0: they stay so.
     */
    public static void ratios(float[] ratio, float[] inverse, float[] magnitude, float[] norm, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int o = first + i;
            ratio[o] = norm[o] > 0f ? magnitude[o] / norm[o] : 1f;
            inverse[o] = norm[o] > 0f ? 1f / norm[o] : 0f;
        }
    }
}
