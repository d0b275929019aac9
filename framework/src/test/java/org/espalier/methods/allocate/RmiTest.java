package org.espalier.methods.allocate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.espalier.methods.Sites;
import org.espalier.methods.score.Magnitude;
import org.espalier.prune.Budget;
import org.espalier.prune.Site;
import org.junit.jupiter.api.Test;

class RmiTest {
    private static final Rmi RMI = new Rmi(1, Optional.empty());

    private static Budget budget(double ratio, int blocks) {
        Site.Weight[] sites = new Site.Weight[blocks];
        for (int i = 0; i < blocks; i++) sites[i] = Sites.random("w" + i, 20, 20, i);
        return Sites.budget(ratio, Budget.Of.ALL, new Magnitude(), sites);
    }

    @Test
    void importantBlocksLoseLessByTheWholeRange() {
        check(RMI.removed(new double[] {0.4, 0.3, 0.2, 0.1}, budget(0.5, 4)), 0.49, 0.49, 0.51, 0.51);
        check(RMI.removed(new double[] {0.1, 0.3, 0.2}, budget(0.7, 3)), 0.73, 0.67, 0.70);
    }

    @Test
    void alignmentIsOneOfEqualsAndKnowsNoScaleOrShift() {
        double[] a = products(1, 2, 4, 3), b = products(10, 12, 16, 14), c = products(1, -2, 1, 0);
        assertThat(align(a, a)).isCloseTo(1, within(1e-12));
        assertThat(align(a, b)).isCloseTo(1, within(1e-12));
        assertThat(align(a, c)).isLessThan(0.5);
    }

    /** Two blocks that resemble each other and one that does not: the one is important. */
    @Test
    void whatResemblesOthersIsLessImportant() {
        double[] importance =
                RMI.importance(List.of(products(1, 2, 4, 3), products(1, 2, 4, 3.1), products(1, -2, 1, 0)));
        assertThat(importance[2]).isGreaterThan(importance[0]).isGreaterThan(importance[1]);
    }

    private static double align(double[] a, double[] b) {
        return Rmi.alignment(Rmi.centred(a), Rmi.centred(b));
    }

    private static double[] products(double... x) {
        double[] products = new double[x.length * x.length];
        for (int i = 0; i < x.length; i++) for (int j = 0; j < x.length; j++) products[i * x.length + j] = x[i] * x[j];
        return products;
    }

    private static void check(double[] actual, double... expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) assertThat(actual[i]).isCloseTo(expected[i], within(1e-9));
    }
}
