package org.espalier.launch;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums across the lanes of vectors in a fixed order. The JDK's {@code reduceLanes} leaves the order of float additions open
 * and says that it may vary over time, so a resumed run could get other bits than an uninterrupted one.
 */
final class Lanes {
    static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    static final int LENGTH = S.length();

    static final VectorShuffle<Float> SWAP_1 = swap(1);
    static final VectorShuffle<Float> SWAP_2 = swap(2);
    static final VectorShuffle<Float> SWAP_4 = swap(4);
    static final VectorShuffle<Float> SWAP_8 = swap(8);

    private Lanes() {}

    /** Each lane takes the one that is {@code distance} away, in pairs. */
    private static VectorShuffle<Float> swap(int distance) {
        return VectorShuffle.fromOp(S, lane -> (lane ^ distance) % LENGTH);
    }

    /** The sum of all lanes. */
    static float sum(FloatVector v) {
        if (LENGTH > 8) v = v.add(v.rearrange(SWAP_8));
        if (LENGTH > 4) v = v.add(v.rearrange(SWAP_4));
        if (LENGTH > 2) v = v.add(v.rearrange(SWAP_2));
        return v.add(v.rearrange(SWAP_1)).lane(0);
    }
}
