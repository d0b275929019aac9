package org.espalier.methods.allocate;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.espalier.engine.Axis;
import org.espalier.engine.Parameter;
import org.espalier.engine.Span;
import org.espalier.methods.Sites;
import org.espalier.methods.score.Magnitude;
import org.espalier.prune.Budget;
import org.espalier.prune.Site;
import org.junit.jupiter.api.Test;

class ErkTest {
    /** Two convolutions by hand: 16←3 of 3×3 wishes 25/432, 32←16 of 3×3 wishes 54/4608; half of 5,040 weights. */
    @Test
    void countsKernels() {
        double[] density = new Erk()
                .allocate(Sites.budget(0.8, Budget.Of.ALL, new Magnitude(), conv("a", 16, 3), conv("b", 32, 16)));
        double target = 5040 - Math.round(5040 * 0.8);
        double first = 25 / 432.0, second = 54 / 4608.0;
        assertThat(density[0] / density[1]).isCloseTo(first / second, Offset.offset(1e-9));
        assertThat(density[0] * 432 + density[1] * 4608).isCloseTo(target, Offset.offset(1e-6));
    }

    private static Site.Weight conv(String name, int out, int in) {
        return new Site.Weight(Parameter.weight(
                name + ".weight", Span.of(Axis.of(name + ".out", out)), new Span(Axis.of(name + ".in", in), 9), 3, 3));
    }
}
