package org.espalier.methods.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import org.espalier.engine.Axis;
import org.espalier.engine.Parameter;
import org.espalier.engine.Span;
import org.espalier.train.MaskedLowRank;
import org.junit.jupiter.api.Test;

class SqftTest {
    /** W = [[1, 0], [0, 2]], B = (1, 1)ᵀ, A = (1, 1), scale 1. */
    @Test
    void mergesTheHandWorkedExample() {
        Parameter w = Parameter.weight("w", span(2), span(2));
        w.load(new float[] {1, 0, 0, 2});
        Parameter b = Parameter.weight("b", span(2), span(1)), a = Parameter.weight("a", span(1), span(2));
        b.load(new float[] {1, 1});
        a.load(new float[] {1, 1});
        float[] merged = w.value().clone();
        new MaskedLowRank(w, b, a, 1, MaskedLowRank.Way.KEPT).merge(merged);
        assertThat(merged).containsExactly(2, 0, 0, 3);
    }

    private static Span span(int size) {
        return Span.of(Axis.of("axis", size));
    }
}
