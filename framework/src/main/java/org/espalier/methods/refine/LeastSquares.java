package org.espalier.methods.refine;

import java.util.Set;
import org.espalier.launch.Blas;
import org.espalier.prune.Cut;
import org.espalier.prune.Refiner;
import org.espalier.prune.Statistic;
import org.espalier.spec.Default;

/**
 * The surviving weights of each row become those that come nearest to the dense layer's output: they minimise (ŵ − w) · H · (ŵ − w)ᵀ
 * with H the damped Gram matrix of the inputs. All rows are solved together by conjugate gradients on the survivors, preconditioned by
 * H's diagonal, so that every iteration is one product and none makes the error larger.
 *
 * @param iterations at most so many
 * @param tolerance a row is solved when its residual has fallen to this share of the first
 * @param damping share of the mean of H's diagonal that is added to it
 */
public record LeastSquares(
        @Default("50") int iterations,
        @Default("1e-5") double tolerance,
        @Default("0.01") double damping) implements Refiner {
    public LeastSquares {
        if (iterations < 1) throw new IllegalArgumentException("iterations must be at least 1, got " + iterations);
        if (!(tolerance >= 0)) throw new IllegalArgumentException("tolerance must not be negative, got " + tolerance);
        if (!(damping >= 0)) throw new IllegalArgumentException("damping must not be negative, got " + damping);
    }

    @Override
    public Set<Statistic> needs() {
        return Set.of(Statistic.GRAM);
    }

    @Override
    public boolean changesWeights() {
        return true;
    }

    @Override
    public void refine(Cut cut) {
        int rows = cut.rows(), n = cut.columns();
        float[] h = damped(cut.evidence().of(cut.site(), Statistic.GRAM), n);
        float[] weight = cut.weights(), missing = new float[rows * n];
        for (int i = 0; i < missing.length; i++) {
            if (!cut.mask()[i]) weight[i] = 0f;
            missing[i] = cut.original()[i] - weight[i];
        }
        float[] residual = new float[rows * n], direction = new float[rows * n], product = new float[rows * n];
        Blas.product(false, false, rows, n, n, missing, 0, n, h, 0, n, 0f, residual, 0, n);
        double[] size = new double[rows], first = new double[rows];
        for (int r = 0; r < rows; r++) {
            first[r] = size[r] = start(cut.mask(), residual, direction, h, r, n);
        }
        for (int turn = 0; turn < iterations; turn++) {
            Blas.product(false, false, rows, n, n, direction, 0, n, h, 0, n, 0f, product, 0, n);
            boolean open = false;
            for (int r = 0; r < rows; r++) {
                if (size[r] <= tolerance * tolerance * first[r]) continue;
                size[r] = step(cut.mask(), weight, residual, direction, product, h, size[r], r, n);
                open = true;
            }
            if (!open) return;
        }
    }

    private float[] damped(float[] gram, int n) {
        float[] h = gram.clone();
        double trace = 0;
        for (int i = 0; i < n; i++) trace += h[i * n + i];
        for (int i = 0; i < n; i++) {
            h[i * n + i] += (float) (damping * trace / n);
            if (h[i * n + i] == 0f) h[i * n + i] = 1f;
        }
        return h;
    }

    /** Sets the first direction of a row and returns r · D⁻¹ · r over the survivors. */
    private static double start(boolean[] mask, float[] residual, float[] direction, float[] h, int row, int n) {
        double size = 0;
        for (int c = 0, i = row * n; c < n; c++, i++) {
            if (!mask[i]) residual[i] = 0f;
            direction[i] = residual[i] / h[c * n + c];
            size += (double) residual[i] * direction[i];
        }
        return size;
    }

    /** One iteration of one row; {@code product} is its direction times H. */
    private static double step(
            boolean[] mask,
            float[] weight,
            float[] residual,
            float[] direction,
            float[] product,
            float[] h,
            double size,
            int row,
            int n) {
        double curvature = 0;
        for (int i = row * n; i < (row + 1) * n; i++) curvature += (double) direction[i] * product[i];
        if (!(curvature > 0)) return 0;
        float alpha = (float) (size / curvature);
        double next = 0;
        for (int c = 0, i = row * n; c < n; c++, i++) {
            if (!mask[i]) continue;
            weight[i] += alpha * direction[i];
            residual[i] -= alpha * product[i];
            next += (double) residual[i] * residual[i] / h[c * n + c];
        }
        float beta = (float) (next / size);
        for (int c = 0, i = row * n; c < n; c++, i++)
            if (mask[i]) direction[i] = residual[i] / h[c * n + c] + beta * direction[i];
        return next;
    }
}
