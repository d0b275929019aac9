package org.espalier.launch;

import static org.espalier.launch.Lanes.LENGTH;
import static org.espalier.launch.Lanes.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector body of {@link org.espalier.kernels.TwoOfFourRows}: values are read as they lie, and their places choose from two vectors
 * of activations by one permutation. Every element of the result is summed in an order of its own, whatever the cut.
 */
public final class TwoOfFourBodies {
    /** Whether vectors hold as many values as a word has places: so it was measured to pay. */
    public static final boolean PAYS = LENGTH == 16;

    private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;

    /** Where each value's two bits begin, and the first of the four columns that it may be in. */
    private static final IntVector SHIFT = IntVector.zero(I).addIndex(2),
            FOUR =
                    IntVector.zero(I)
                            .addIndex(1)
                            .lanewise(VectorOperators.LSHR, 1)
                            .lanewise(VectorOperators.LSHL, 2);

    private TwoOfFourBodies() {}

    /** {@link org.espalier.kernels.TwoOfFourRows#forward}. */
    public static void forward(
            float[] y,
            float[] values,
            int[] places,
            float[] x,
            float[] bias,
            int batch,
            int rows,
            int columns,
            int first,
            int count) {
        int words = (columns + 31) / 32;
        for (int r = first; r < first + count; r++)
            for (int b = 0; b < batch; b++)
                y[b * rows + r] = bias[r] + dot(values, r * (columns / 2), places, r * words, x, b * columns, columns);
    }

    private static float dot(float[] values, int k, int[] places, int word, float[] x, int at, int columns) {
        FloatVector even = FloatVector.zero(S), odd = FloatVector.zero(S);
        int c = 0;
        for (; c + 4 * LENGTH <= columns; c += 4 * LENGTH, k += 2 * LENGTH) {
            even = chosen(places, word, c, x, at).fma(FloatVector.fromArray(S, values, k), even);
            odd = chosen(places, word, c + 2 * LENGTH, x, at).fma(FloatVector.fromArray(S, values, k + LENGTH), odd);
        }
        for (; c < columns; c += 2 * LENGTH, k += LENGTH) {
            VectorMask<Float> there = S.indexInRange(c / 2, columns / 2);
            FloatVector low = FloatVector.fromArray(S, x, at + c, S.indexInRange(c, columns));
            FloatVector high = FloatVector.fromArray(S, x, at + c + LENGTH, S.indexInRange(c + LENGTH, columns));
            even = chosen(places[word + c / 32] >>> c % 32, low, high)
                    .fma(FloatVector.fromArray(S, values, k, there), even);
        }
        return Lanes.sum(even.add(odd));
    }

    private static FloatVector chosen(int[] places, int word, int c, float[] x, int at) {
        return chosen(
                places[word + c / 32] >>> c % 32,
                FloatVector.fromArray(S, x, at + c),
                FloatVector.fromArray(S, x, at + c + LENGTH));
    }

    /** The activations that stand at the places of so many values as a vector has lanes. */
    private static FloatVector chosen(int bits, FloatVector low, FloatVector high) {
        IntVector place = IntVector.broadcast(I, bits)
                .lanewise(VectorOperators.LSHR, SHIFT)
                .lanewise(VectorOperators.AND, 3)
                .lanewise(VectorOperators.OR, FOUR);
        return place.selectFrom(low.reinterpretAsInts(), high.reinterpretAsInts())
                .reinterpretAsFloats();
    }
}
