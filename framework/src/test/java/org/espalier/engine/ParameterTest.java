package org.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ParameterTest {
    private static Parameter table() {
        return Parameter.table("table", Span.of(Axis.of("rows", 3)), Span.of(Axis.of("columns", 2)));
    }

    @Test
    void hasItsShapeWithoutItsValues() {
        Parameter p = table();
        assertThat(p.size()).isEqualTo(6);
        assertThat(p.shape()).containsExactly(3, 2);
        assertThat(p.density()).isEqualTo(1);
        assertThat(p.kind()).isEqualTo(Parameter.Kind.TABLE);
        assertThat(p.trainable()).isTrue();
        assertThat(p.value()).containsOnly(0).hasSize(6);
    }

    @Test
    void releasesValuesAndTakesOthers() {
        Parameter p = table();
        float[] first = {1, 2, 3, 4, 5, 6};
        p.load(first);
        float[] held = p.value();
        assertThat(held).isNotSameAs(first).containsExactly(first);
        p.grad()[0] = 7;
        p.release();
        assertThat(p.value()).isNotSameAs(held).containsOnly(0);
        assertThat(p.grad()).containsOnly(0);
        p.load(first);
        assertThat(p.value()).containsExactly(first);
    }

    @Test
    void keepsTheMaskOfReleasedValues() {
        Parameter p = Parameter.weight("w", Span.of(Axis.of("out", 1)), Span.of(Axis.of("in", 4)));
        p.mask(new float[] {1, 0, 0, 1});
        p.load(new float[] {1, 2, 3, 4});
        p.compress();
        p.release();
        assertThat(p.kept()).isEqualTo(2);
        p.load(new float[] {5, 6, 7, 8});
        assertThat(p.value()).containsExactly(5, 0, 0, 8);
        assertThat(p.compress().values()).containsExactly(5, 8);
    }

    @Test
    void comesBackFromItsBackingAsItWasReleased() {
        float[] held = {1, 2, 3, 4};
        int[] writes = new int[1];
        Parameter p = Parameter.weight("w", Span.of(Axis.of("out", 1)), Span.of(Axis.of("in", 4)));
        p.back(new Parameter.Backing() {
            @Override
            public void read(float[] into) {
                System.arraycopy(held, 0, into, 0, 4);
            }

            @Override
            public void write(float[] values) {
                System.arraycopy(values, 0, held, 0, 4);
                writes[0]++;
            }
        });
        assertThat(p.passing()).containsExactly(1, 2, 3, 4);
        p.value();
        p.release();
        assertThat(writes[0]).as("writes of what was not changed").isZero();
        p.mask(new float[] {1, 0, 1, 0});
        p.release();
        assertThat(held).containsExactly(1, 0, 3, 0);
        p.value()[0] = 7;
        p.value()[1] = 7;
        p.wrote();
        p.release();
        assertThat(p.value()).containsExactly(7, 0, 3, 0);
        assertThat(writes[0]).isEqualTo(2);
    }
}
