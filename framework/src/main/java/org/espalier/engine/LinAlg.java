package org.espalier.engine;

import java.util.random.RandomGenerator;
import org.espalier.launch.Blas;
import org.nd4j.linalg.api.blas.BlasException;
import org.nd4j.linalg.api.blas.impl.BaseLapack;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Decompositions of row-major matrices, in double precision, by the LAPACK that ND4J brings: the only door to ND4J, which is
 * started by the first call (that takes seconds) and kept to one thread, so that results do not depend on the machine's load.
 */
public final class LinAlg {
    /**
     * A = U · diag(values) · Vᵀ with k = min(m, n).
     *
     * @param u (m, k), its columns orthonormal
     * @param values k singular values, the largest first
     * @param vt (k, n), its rows orthonormal
     */
    public record Svd(double[] u, double[] values, double[] vt) {}

    /**
     * A · v = value · v.
     *
     * @param values n eigenvalues, the smallest first
     * @param vectors (n, n): row {@code i} is the unit eigenvector of value {@code i}
     */
    public record Eigen(double[] values, double[] vectors) {}

    private LinAlg() {}

    /** The thin singular value decomposition of a matrix (m, n). */
    public static Svd svd(double[] matrix, int m, int n) {
        check("singular values", matrix, m, n);
        int k = Math.min(m, n);
        // LAPACK reads columns: what lies here in rows is the transpose to it, so U and V change places.
        INDArray a = columns(matrix.clone(), n, m);
        INDArray values = columns(new double[k], k, 1), v = columns(new double[n * k], n, k);
        INDArray ut = columns(new double[k * m], k, m);
        run(
                "singular values of a matrix (" + m + ", " + n + ")",
                () -> Door.LAPACK.dgesvd((byte) 'S', (byte) 'S', n, m, a, values, v, ut, null));
        return new Svd(ut.data().asDouble(), values.data().asDouble(), v.data().asDouble());
    }

    /** {@link #svd(double[], int, int)} of floats. */
    public static Svd svd(float[] matrix, int m, int n) {
        return svd(wide(matrix), m, n);
    }

    /**
     * The lower triangle L (n, n) with A = L · Lᵀ, zeros above the diagonal. Only the lower triangle of A is read.
     *
     * @throws IllegalArgumentException if A is not positive definite, naming the first leading minor that is not
     */
    public static double[] cholesky(double[] matrix, int n) {
        check("a Cholesky factor", matrix, n, n);
        INDArray a = columns(matrix.clone(), n, n);
        try {
            Door.LAPACK.dpotrf((byte) 'U', n, a, null);
        } catch (BlasException e) {
            throw new IllegalArgumentException(
                    "the matrix (" + n + ", " + n + ") is not positive definite: its leading " + e.getErrorCode()
                            + " by " + e.getErrorCode() + " part has no Cholesky factor; add to its diagonal (damping)",
                    e);
        }
        return a.data().asDouble();
    }

    /** {@link #cholesky(double[], int)} of floats. */
    public static double[] cholesky(float[] matrix, int n) {
        return cholesky(wide(matrix), n);
    }

    /** Eigenvalues and eigenvectors of a symmetric matrix (n, n). Only its lower triangle is read. */
    public static Eigen eigen(double[] matrix, int n) {
        check("eigenvalues", matrix, n, n);
        INDArray a = columns(matrix.clone(), n, n), values = columns(new double[n], n, 1);
        int[] status = new int[1];
        run(
                "eigenvalues of a matrix (" + n + ", " + n + ")",
                () -> status[0] = Door.LAPACK.dsyev('V', 'U', n, a, values));
        if (status[0] != 0)
            throw new IllegalStateException(
                    "eigenvalues of a matrix (" + n + ", " + n + ") did not converge: LAPACK says " + status[0]);
        return new Eigen(values.data().asDouble(), a.data().asDouble());
    }

    /** {@link #eigen(double[], int)} of floats. */
    public static Eigen eigen(float[] matrix, int n) {
        return eigen(wide(matrix), n);
    }

    /** Rounds of power iteration, which set the first singular directions apart from the rest. */
    private static final int ROUNDS = 4;

    /**
     * About the first {@code rank} right singular vectors of a matrix (m, n), by the randomised method of Halko, Martinsson and Tropp
     * (2011) with 4·rank directions and four power iterations.
     *
     * @return (rank, n): orthonormal rows, that of the largest singular value first
     */
    public static double[] rightSingular(float[] matrix, int m, int n, int rank, RandomGenerator random) {
        int directions = Math.min(4 * rank, Math.min(m, n));
        float[] q = new float[n * directions];
        for (int i = 0; i < q.length; i++) q[i] = (float) Rng.gaussian(random);
        float[] left = orthonormal(times(false, matrix, m, n, q, directions), m, directions);
        for (int i = 0; i < ROUNDS; i++) {
            float[] right = orthonormal(times(true, matrix, n, m, left, directions), n, directions);
            left = orthonormal(times(false, matrix, m, n, right, directions), m, directions);
        }
        Svd svd = svd(times(true, matrix, n, m, left, directions), n, directions);
        double[] vectors = new double[rank * n];
        for (int k = 0; k < rank; k++) for (int i = 0; i < n; i++) vectors[k * n + i] = svd.u()[i * directions + k];
        return vectors;
    }

    /** A (rows, columns), or the transpose of the A that is stored, times B (columns, k). */
    private static float[] times(boolean transposed, float[] a, int rows, int columns, float[] b, int k) {
        float[] c = new float[rows * k];
        Blas.product(transposed, false, rows, k, columns, a, 0, transposed ? rows : columns, b, 0, k, 0f, c, 0, k);
        return c;
    }

    /** An orthonormal basis (rows, columns) of what the columns of a matrix span. */
    private static float[] orthonormal(float[] matrix, int rows, int columns) {
        double[] u = svd(matrix, rows, columns).u();
        float[] basis = new float[u.length];
        for (int i = 0; i < u.length; i++) basis[i] = (float) u[i];
        return basis;
    }

    private static void run(String what, Runnable work) {
        try {
            work.run();
        } catch (BlasException e) {
            throw new IllegalStateException(what + " failed: LAPACK says " + e.getErrorCode(), e);
        }
    }

    private static void check(String what, double[] matrix, int rows, int columns) {
        if (rows < 1 || columns < 1 || (long) rows * columns != matrix.length)
            throw new IllegalArgumentException(
                    what + ": " + matrix.length + " numbers are no matrix (" + rows + ", " + columns + ")");
        for (int i = 0; i < matrix.length; i++)
            if (!Double.isFinite(matrix[i]))
                throw new IllegalArgumentException(
                        what + ": entry (" + i / columns + ", " + i % columns + ") is " + matrix[i]);
    }

    private static INDArray columns(double[] values, int rows, int columns) {
        Door.open();
        return Nd4j.create(values, new long[] {rows, columns}, new long[] {1, rows}, 'f', DataType.DOUBLE);
    }

    private static double[] wide(float[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) y[i] = x[i];
        return y;
    }

    /** Loaded by the first decomposition, and ND4J with it. */
    private static final class Door {
        static final BaseLapack LAPACK;
        private static final boolean WRONG;

        static {
            Blas.kernel(); // loads OpenBLAS first, with kernels that LAPACK can trust
            LAPACK = (BaseLapack) Nd4j.getBlasWrapper().lapack();
            Nd4j.getEnvironment().setMaxThreads(1);
            Nd4j.getNDArrayFactory().blas().setMaxThreads(1);
            WRONG = wrong();
        }

        /** Some builds of OpenBLAS solve triangular systems wrongly on some CPUs: better no answer than a wrong one. */
        private static boolean wrong() {
            int n = 64;
            double[] lower = new double[n * n], product = new double[n * n];
            for (int r = 0; r < n; r++)
                for (int c = 0; c <= r; c++) lower[r * n + c] = r == c ? n : 1 + (r * 7 + c) % 5;
            for (int r = 0; r < n; r++)
                for (int c = 0; c < n; c++)
                    for (int i = 0; i < n; i++) product[r * n + c] += lower[r * n + i] * lower[c * n + i];
            INDArray a = Nd4j.create(product, new long[] {n, n}, new long[] {1, n}, 'f', DataType.DOUBLE);
            double error = 0;
            try {
                LAPACK.dpotrf((byte) 'U', n, a, null);
                double[] factor = a.data().asDouble();
                for (int i = 0; i < factor.length; i++) error = Math.max(error, Math.abs(factor[i] - lower[i]));
            } catch (BlasException e) {
                error = Double.POSITIVE_INFINITY;
            }
            return error > 1e-9;
        }

        static void open() {
            if (WRONG)
                throw new IllegalStateException(
                        "ND4J's OpenBLAS computes wrong Cholesky factors with the kernels it chose;"
                                + " set OPENBLAS_CORETYPE to others before starting (Haswell, Nehalem)");
        }
    }
}
