package org.espalier.launch;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Looks for a byte in many. */
public final class ByteSearch {
    private static final VectorSpecies<Byte> S = ByteVector.SPECIES_PREFERRED;

    private ByteSearch() {}

    /** How often {@code wanted} stands from {@code from} up to {@code to}. */
    public static int count(byte[] bytes, int from, int to, byte wanted) {
        int count = 0, i = from;
        for (; i + S.length() <= to; i += S.length())
            count += ByteVector.fromArray(S, bytes, i)
                    .compare(VectorOperators.EQ, wanted)
                    .trueCount();
        for (; i < to; i++) count += bytes[i] == wanted ? 1 : 0;
        return count;
    }

    /** Where {@code wanted} stands first from {@code from} up to {@code to}; {@code to} where it does not. */
    public static int find(byte[] bytes, int from, int to, byte wanted) {
        int i = from;
        for (; i + S.length() <= to; i += S.length()) {
            VectorMask<Byte> found = ByteVector.fromArray(S, bytes, i).compare(VectorOperators.EQ, wanted);
            if (found.anyTrue()) return i + found.firstTrue();
        }
        while (i < to && bytes[i] != wanted) i++;
        return i;
    }
}
