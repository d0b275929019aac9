package org.espalier.select;

import java.util.Arrays;
import org.espalier.engine.LinAlg;

/**
 * The spectral embedding of points: a Gaussian kernel as wide as the median distance, the symmetric normalised Laplacian
 * I − D^−½·A·D^−½, and its eigenvectors, those of the smallest eigenvalues first.
 *
 * @param size n points
 * @param values n eigenvalues, from 0 to 2, rising
 * @param vectors (n, n): row {@code k} is the eigenvector of value {@code k}
 */
public record Spectral(int size, double[] values, double[] vectors) {
    /** @param points of equal dimension, at least one */
    public static Spectral of(float[][] points) {
        int n = points.length;
        double[] distances = distances(points);
        double sigma = median(distances, n);
        double[] affinity = new double[n * n];
        // where most points coincide, the median is 0: then only those that coincide are alike
        for (int i = 0; i < affinity.length; i++)
            affinity[i] = sigma > 0
                    ? StrictMath.exp(-distances[i] * distances[i] / (2 * sigma * sigma))
                    : distances[i] == 0 ? 1 : 0;
        double[] degree = new double[n];
        for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) degree[i] += affinity[i * n + j];
        double[] laplacian = new double[n * n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                laplacian[i * n + j] =
                        (i == j ? 1 : 0) - affinity[i * n + j] / (Math.sqrt(degree[i]) * Math.sqrt(degree[j]));
        LinAlg.Eigen eigen = LinAlg.eigen(laplacian, n);
        return new Spectral(n, eigen.values(), eigen.vectors());
    }

    /** |E·Eᵀ| (n, n) with E (n, k) the first k eigenvectors: how much points have in common, whatever the vectors' signs. */
    public double[] similarity(int k) {
        double[] similarity = new double[size * size];
        for (int c = 0; c < k; c++)
            for (int i = 0; i < size; i++) {
                double e = vectors[c * size + i];
                for (int j = 0; j < size; j++) similarity[i * size + j] += e * vectors[c * size + j];
            }
        for (int i = 0; i < similarity.length; i++) similarity[i] = Math.abs(similarity[i]);
        return similarity;
    }

    private static double[] distances(float[][] points) {
        int n = points.length;
        double[] distances = new double[n * n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < i; j++) {
                double squares = 0;
                for (int f = 0; f < points[i].length; f++) {
                    double d = (double) points[i][f] - points[j][f];
                    squares += d * d;
                }
                distances[i * n + j] = distances[j * n + i] = Math.sqrt(squares);
            }
        return distances;
    }

    /** Over all pairs of different points; the lower of two in the middle. */
    static double median(double[] distances, int n) {
        if (n < 2) return 0;
        double[] pairs = new double[n * (n - 1) / 2];
        for (int i = 0, at = 0; i < n; i++) for (int j = 0; j < i; j++) pairs[at++] = distances[i * n + j];
        Arrays.sort(pairs);
        return pairs[(pairs.length - 1) / 2];
    }
}
