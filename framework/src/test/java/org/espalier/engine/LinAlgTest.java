package org.espalier.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Decompositions against EJML, an implementation in Java that shares nothing with LAPACK, and against their definitions. */
class LinAlgTest {
    @ParameterizedTest
    @CsvSource({"1, 1, 0", "5, 3, 0", "3, 5, 0", "64, 64, 0", "200, 17, 0", "17, 200, 0", "40, 40, 10", "60, 30, 14"})
    void singularValuesAgree(int m, int n, int decades) {
        double[] a = matrix(m, n, decades);
        LinAlg.Svd svd = LinAlg.svd(a, m, n);
        int k = Math.min(m, n);
        double[] expected = ejmlSingularValues(a, m, n);
        double error = 0;
        for (int i = 0; i < k; i++) error = Math.max(error, Math.abs(svd.values()[i] - expected[i]) / expected[0]);
        double[] scaled = svd.u().clone();
        for (int i = 0; i < scaled.length; i++) scaled[i] *= svd.values()[i % k];
        double rebuilt = distance(product(scaled, svd.vt(), m, k, n), a) / expected[0];
        double orthogonal = Math.max(
                fromIdentity(product(transpose(svd.u(), m, k), svd.u(), k, m, k), k),
                fromIdentity(product(svd.vt(), transpose(svd.vt(), k, n), k, n, k), k));
        System.out.printf(
                "LinAlgTest: svd %dx%d, condition 1e%d: values %.0e, A - USV' %.0e, orthogonality %.0e%n",
                m, n, decades, error, rebuilt, orthogonal);
        assertThat(Math.max(error, Math.max(rebuilt, orthogonal))).isLessThan(1e-13);
        assertThat(svd.values()).isSortedAccordingTo((x, y) -> Double.compare(y, x));
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "7, 0", "33, 0", "50, 0", "300, 0", "40, 5", "40, 9"})
    void choleskyFactorsAgree(int n, int decades) {
        double[] a = positive(n, decades);
        double[] lower = LinAlg.cholesky(a, n);
        var ejml = DecompositionFactory_DDRM.chol(n, true);
        assertThat(ejml.decompose(new DMatrixRMaj(n, n, true, a.clone()))).isTrue();
        double[] expected = ejml.getT(null).getData();
        double factor = distance(lower, Arrays.copyOf(expected, n * n));
        double rebuilt = distance(product(lower, transpose(lower, n, n), n, n, n), a);
        System.out.printf(
                "LinAlgTest: cholesky %d, condition 1e%d: L %.0e, A - LL' %.0e%n", n, decades, factor, rebuilt);
        assertThat(rebuilt).isLessThan(1e-13);
        assertThat(factor).isLessThan(1e-14 * Math.pow(10, decades) + 1e-13);
        for (int r = 0; r < n; r++)
            for (int c = r + 1; c < n; c++) assertThat(lower[r * n + c]).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "7, 0", "50, 0", "120, 0", "40, 12"})
    void eigenvaluesAgree(int n, int decades) {
        double[] a = positive(n, decades);
        for (int i = 0; i < n; i++) a[i * n + i] -= 0.3; // of both signs
        LinAlg.Eigen eigen = LinAlg.eigen(a, n);
        var ejml = DecompositionFactory_DDRM.eig(n, true, true);
        assertThat(ejml.decompose(new DMatrixRMaj(n, n, true, a.clone()))).isTrue();
        double[] expected = new double[n];
        for (int i = 0; i < n; i++) expected[i] = ejml.getEigenvalue(i).getReal();
        Arrays.sort(expected);
        double values = distance(eigen.values(), expected);
        double[] av = product(eigen.vectors(), a, n, n, n),
                scaled = eigen.vectors().clone();
        for (int i = 0; i < scaled.length; i++) scaled[i] *= eigen.values()[i / n];
        double residual = distance(av, scaled);
        double orthogonal = fromIdentity(product(eigen.vectors(), transpose(eigen.vectors(), n, n), n, n, n), n);
        System.out.printf(
                "LinAlgTest: eigen %d, condition 1e%d: values %.0e, Av - lv %.0e, orthogonality %.0e%n",
                n, decades, values, residual, orthogonal);
        assertThat(Math.max(values, Math.max(residual, orthogonal))).isLessThan(1e-12);
    }

    @Test
    void floatsAreTakenAsTheyAre() {
        float[] a = {4, 2, 2, 3};
        assertThat(LinAlg.cholesky(a, 2)).containsExactly(2, 0, 1, Math.sqrt(2));
        assertThat(LinAlg.eigen(new float[] {2, 0, 0, -1}, 2).values()).containsExactly(-1, 2);
        assertThat(LinAlg.svd(new float[] {0, 3, 0, 0, 0, 4}, 2, 3).values()).containsExactly(4, 3);
    }

    @Test
    void saysThatAMatrixIsNotPositiveDefinite() {
        assertThatThrownBy(() -> LinAlg.cholesky(new double[] {1, 0, 0, 0, 1, 0, 0, 0, -1}, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not positive definite")
                .hasMessageContaining("leading 3 by 3");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
    void refusesNumbersThatAreNone(double bad) {
        assertThatThrownBy(() -> LinAlg.svd(new double[] {1, 2, 3, bad}, 2, 2)).hasMessageContaining("entry (1, 1)");
        assertThatThrownBy(() -> LinAlg.eigen(new double[] {1, bad, 3, 1}, 2)).hasMessageContaining("entry (0, 1)");
        assertThatThrownBy(() -> LinAlg.cholesky(new double[3], 2)).hasMessageContaining("3 numbers");
    }

    @Test
    void givesTheSameBitsAgain() {
        double[] a = matrix(150, 90, 6);
        LinAlg.Svd first = LinAlg.svd(a, 150, 90);
        for (int i = 0; i < 3; i++) {
            LinAlg.Svd again = LinAlg.svd(a, 150, 90);
            assertThat(again.u()).isEqualTo(first.u());
            assertThat(again.values()).isEqualTo(first.values());
            assertThat(again.vt()).isEqualTo(first.vt());
        }
    }

    @Test
    void nobodyElseStartsNd4j() {
        var ours = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.espalier");
        noClasses()
                .that(JavaClass.Predicates.simpleNameStartingWith("LinAlg").negate())
                .and()
                .haveNameNotMatching(".*LinAlg\\$.*")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.nd4j..")
                .check(ours);
    }

    private static double[] ejmlSingularValues(double[] a, int m, int n) {
        var svd = DecompositionFactory_DDRM.svd(m, n, false, false, true);
        assertThat(svd.decompose(new DMatrixRMaj(m, n, true, a.clone()))).isTrue();
        double[] values = Arrays.copyOf(svd.getSingularValues(), Math.min(m, n));
        SingularOps_DDRM.descendingOrder(null, false, values, values.length, null, false);
        Arrays.sort(values);
        for (int i = 0; i < values.length / 2; i++) {
            double low = values[i];
            values[i] = values[values.length - 1 - i];
            values[values.length - 1 - i] = low;
        }
        return values;
    }

    /** Random, its columns scaled over so many powers of ten. */
    private static double[] matrix(int m, int n, int decades) {
        RandomGenerator random = new SplittableRandom(m * 1000L + n);
        double[] a = new double[m * n];
        for (int i = 0; i < a.length; i++)
            a[i] = (2 * random.nextDouble() - 1) * Math.pow(10, -decades * (i % n) / (double) Math.max(1, n - 1));
        return a;
    }

    /** Symmetric, with eigenvalues from 1 down over so many powers of ten. */
    private static double[] positive(int n, int decades) {
        double[] q = LinAlg.svd(matrix(n, n, 0), n, n).u(), scaled = q.clone();
        for (int i = 0; i < scaled.length; i++)
            scaled[i] *=
                    Math.pow(10, -decades * (i % n) / (double) Math.max(1, n - 1)) * (decades == 0 ? 1 + i % n : 1);
        double[] a = product(scaled, transpose(q, n, n), n, n, n);
        for (int r = 0; r < n; r++) for (int c = 0; c < r; c++) a[c * n + r] = a[r * n + c];
        return a;
    }

    private static double[] product(double[] a, double[] b, int m, int k, int n) {
        DMatrixRMaj c = new DMatrixRMaj(m, n);
        CommonOps_DDRM.mult(new DMatrixRMaj(m, k, true, a), new DMatrixRMaj(k, n, true, b), c);
        return c.getData();
    }

    private static double[] transpose(double[] a, int rows, int columns) {
        double[] t = new double[a.length];
        for (int r = 0; r < rows; r++) for (int c = 0; c < columns; c++) t[c * rows + r] = a[r * columns + c];
        return t;
    }

    private static double fromIdentity(double[] a, int n) {
        double worst = 0;
        for (int i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - (i / n == i % n ? 1 : 0)));
        return worst;
    }

    /** The largest difference, relative to the largest expected entry. */
    private static double distance(double[] a, double[] b) {
        double worst = 0, scale = 0;
        for (double x : b) scale = Math.max(scale, Math.abs(x));
        for (int i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]));
        return worst / scale;
    }
}
