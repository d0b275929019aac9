package org.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
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
            public void rows(int first, int count, float[] into, int at) {
                throw new AssertionError("a weight is read as a whole");
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

    /** A table of 300 × 2000 as files would hold it. */
    private record Held(float[] values, List<Integer> asked) implements Parameter.Backing {
        @Override
        public void read(float[] into) {
            throw new AssertionError("nobody needs all of it");
        }

        @Override
        public void rows(int first, int count, float[] into, int at) {
            asked.add(count);
            System.arraycopy(values, first * 2000, into, at, count * 2000);
        }

        @Override
        public void write(float[] changed) {
            System.arraycopy(changed, 0, values, 0, values.length);
        }
    }

    @Test
    void aBackedTableIsLookedAtByRows() {
        float[] values = new float[600_000];
        for (int i = 0; i < values.length; i++) values[i] = i;
        Parameter p = Parameter.table("table", Span.of(Axis.of("rows", 300)), Span.of(Axis.of("columns", 2000)));
        Held held = new Held(values, new ArrayList<>());
        p.back(held);
        float[] row = new float[2001];
        p.rows(299, 1, row, 1);
        assertThat(row).startsWith(0, 598_000).endsWith(599_999);
        float[] seen = new float[values.length];
        for (int first = 0; first < seen.length; ) {
            float[] part = p.passing(first);
            System.arraycopy(part, 0, seen, first, part.length);
            first += part.length;
        }
        assertThat(seen).isEqualTo(values);
        assertThat(held.asked()).containsExactly(1, 131, 131, 38);
        p.load(values);
        p.value()[7] = -1;
        p.rows(0, 1, row, 0);
        assertThat(row[7]).as("what is in memory is newer").isEqualTo(-1);
        assertThat(p.passing(0)).hasSize(600_000);
        p.rows(0, 1, row, 0);
        assertThat(row[7]).as("and then in the files").isEqualTo(-1);
    }
}
