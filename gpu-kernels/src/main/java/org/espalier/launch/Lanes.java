package org.espalier.launch;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums across the lanes of vectors in a fixed order. The JDK's {@code reduceLanes} leaves the order of float additions open
 * and says that it may vary over time, so a resumed run could get other bits than an uninterrupted one; where it adds lane
 * after lane, as it does on JDK 25, it is slow besides.
 */
final class Lanes {
    static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    static final int LENGTH = S.length();

    private static final VectorShuffle<Float> SWAP_1 = swap(1);
    private static final VectorShuffle<Float> SWAP_2 = swap(2);
    private static final VectorShuffle<Float> SWAP_4 = swap(4);
    private static final VectorShuffle<Float> SWAP_8 = swap(8);
    private static final VectorMask<Float> ODD = every(1);
    private static final VectorMask<Float> UPPER = every(2);
    private static final VectorMask<Float> FOUR = S.indexInRange(0, 4);

    private Lanes() {}

    private static VectorShuffle<Float> swap(int distance) {
        return VectorShuffle.fromOp(S, lane -> (lane ^ distance) % LENGTH);
    }

    private static VectorMask<Float> every(int bit) {
        boolean[] lanes = new boolean[LENGTH];
        for (int i = 0; i < LENGTH; i++) lanes[i] = (i & bit) != 0;
        return VectorMask.fromArray(S, lanes, 0);
    }

    /** The sum of all lanes. */
    static float sum(FloatVector v) {
        if (LENGTH > 8) v = v.add(v.rearrange(SWAP_8));
        if (LENGTH > 4) v = v.add(v.rearrange(SWAP_4));
        if (LENGTH > 2) v = v.add(v.rearrange(SWAP_2));
        return v.add(v.rearrange(SWAP_1)).lane(0);
    }

    /** Whether {@link #sums} works here. */
    static boolean canSumFour() {
        return LENGTH >= 4;
    }

    /** The sums of the lanes of each of four vectors, in lanes 0 to 3; every fourth lane repeats them. */
    static FloatVector sums(FloatVector a, FloatVector b, FloatVector c, FloatVector d) {
        FloatVector ab = a.blend(b, ODD).add(b.blend(a, ODD).rearrange(SWAP_1));
        FloatVector cd = c.blend(d, ODD).add(d.blend(c, ODD).rearrange(SWAP_1));
        FloatVector v = ab.blend(cd, UPPER).add(cd.blend(ab, UPPER).rearrange(SWAP_2));
        if (LENGTH > 4) v = v.add(v.rearrange(SWAP_4));
        if (LENGTH > 8) v = v.add(v.rearrange(SWAP_8));
        return v;
    }

    /** Stores lanes 0 to 3, or adds them to what is there. */
    static void storeFour(FloatVector v, float[] to, int at, boolean keep) {
        if (keep) v = v.add(FloatVector.fromArray(S, to, at, FOUR));
        v.intoArray(to, at, FOUR);
    }
}
