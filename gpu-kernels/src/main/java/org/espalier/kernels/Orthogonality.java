package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/** How far the rows of a matrix A are from being orthonormal: ‖A·Aᵀ − I‖ or its square. */
public final class Orthogonality {
    private Orthogonality() {}

    /**
     * terms[at] = weight · ‖G − I‖ (Frobenius), squared if {@code squared} is 1; G becomes the matrix D for which the
     * gradient of that term is D·A. One unit.
     *
     * @param gram G (rank, rank): A·Aᵀ
     */
    public static void term(
            float[] terms, float[] gram, int rank, float weight, int squared, int at, int first, int count) {
        for (@Parallel int i = 0; i < count; i++) {
            float sum = 0f;
            for (int k = 0; k < rank; k++) {
                gram[k * rank + k] -= 1f;
                for (int l = 0; l < rank; l++) sum += gram[k * rank + l] * gram[k * rank + l];
            }
            float norm = TornadoMath.sqrt(sum);
            float slope = squared == 1 ? 4f * weight : norm > 0f ? 2f * weight / norm : 0f;
            for (int e = 0; e < rank * rank; e++) gram[e] *= slope;
            terms[at + first + i] = weight * (squared == 1 ? sum : norm);
        }
    }
}
