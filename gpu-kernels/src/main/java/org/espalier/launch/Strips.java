package org.espalier.launch;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Products of small matrices whose columns fill a few vectors: too small for OpenBLAS, which would copy them first. */
final class Strips {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** Sixteen sums need more than the sixteen registers that 256-bit machines have. */
    private static final boolean WIDE = LANES >= 16;

    private Strips() {}

    /**
     * C (rows, strip) = A · B, with B (inner, strip) row-major and A in blocks of four rows: (rows / 4, inner, 4). The
     * rows are a multiple of 4, the strip of two vectors.
     */
    static void multiply(
            float[] c, int cFirst, float[] a, int aFirst, float[] b, int bFirst, int rows, int inner, int strip) {
        for (int r = 0; r < rows; r += 4) {
            int l = 0;
            if (WIDE)
                for (; l + 4 * LANES <= strip; l += 4 * LANES)
                    four(c, cFirst + r * strip + l, a, aFirst + r * inner, b, bFirst + l, inner, strip);
            for (; l < strip; l += 2 * LANES)
                two(c, cFirst + r * strip + l, a, aFirst + r * inner, b, bFirst + l, inner, strip);
        }
    }

    private static void two(float[] c, int to, float[] a, int aAt, float[] b, int bAt, int inner, int strip) {
        FloatVector s00 = FloatVector.zero(S), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00;
        FloatVector s31 = s00;
        for (int k = 0; k < inner; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + k * strip);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + k * strip + LANES);
            FloatVector a0 = FloatVector.broadcast(S, a[aAt + 4 * k]);
            s00 = a0.fma(b0, s00);
            s01 = a0.fma(b1, s01);
            FloatVector a1 = FloatVector.broadcast(S, a[aAt + 4 * k + 1]);
            s10 = a1.fma(b0, s10);
            s11 = a1.fma(b1, s11);
            FloatVector a2 = FloatVector.broadcast(S, a[aAt + 4 * k + 2]);
            s20 = a2.fma(b0, s20);
            s21 = a2.fma(b1, s21);
            FloatVector a3 = FloatVector.broadcast(S, a[aAt + 4 * k + 3]);
            s30 = a3.fma(b0, s30);
            s31 = a3.fma(b1, s31);
        }
        s00.intoArray(c, to);
        s01.intoArray(c, to + LANES);
        s10.intoArray(c, to + strip);
        s11.intoArray(c, to + strip + LANES);
        s20.intoArray(c, to + 2 * strip);
        s21.intoArray(c, to + 2 * strip + LANES);
        s30.intoArray(c, to + 3 * strip);
        s31.intoArray(c, to + 3 * strip + LANES);
    }

    private static void four(float[] c, int to, float[] a, int aAt, float[] b, int bAt, int inner, int strip) {
        FloatVector s00 = FloatVector.zero(S), s01 = s00, s02 = s00, s03 = s00, s10 = s00, s11 = s00, s12 = s00;
        FloatVector s13 = s00, s20 = s00, s21 = s00, s22 = s00, s23 = s00, s30 = s00, s31 = s00, s32 = s00, s33 = s00;
        for (int k = 0; k < inner; k++) {
            int at = bAt + k * strip;
            FloatVector b0 = FloatVector.fromArray(S, b, at), b1 = FloatVector.fromArray(S, b, at + LANES);
            FloatVector b2 = FloatVector.fromArray(S, b, at + 2 * LANES);
            FloatVector b3 = FloatVector.fromArray(S, b, at + 3 * LANES);
            FloatVector x = FloatVector.broadcast(S, a[aAt + 4 * k]);
            s00 = x.fma(b0, s00);
            s01 = x.fma(b1, s01);
            s02 = x.fma(b2, s02);
            s03 = x.fma(b3, s03);
            x = FloatVector.broadcast(S, a[aAt + 4 * k + 1]);
            s10 = x.fma(b0, s10);
            s11 = x.fma(b1, s11);
            s12 = x.fma(b2, s12);
            s13 = x.fma(b3, s13);
            x = FloatVector.broadcast(S, a[aAt + 4 * k + 2]);
            s20 = x.fma(b0, s20);
            s21 = x.fma(b1, s21);
            s22 = x.fma(b2, s22);
            s23 = x.fma(b3, s23);
            x = FloatVector.broadcast(S, a[aAt + 4 * k + 3]);
            s30 = x.fma(b0, s30);
            s31 = x.fma(b1, s31);
            s32 = x.fma(b2, s32);
            s33 = x.fma(b3, s33);
        }
        row(c, to, s00, s01, s02, s03);
        row(c, to + strip, s10, s11, s12, s13);
        row(c, to + 2 * strip, s20, s21, s22, s23);
        row(c, to + 3 * strip, s30, s31, s32, s33);
    }

    private static void row(float[] c, int to, FloatVector s0, FloatVector s1, FloatVector s2, FloatVector s3) {
        s0.intoArray(c, to);
        s1.intoArray(c, to + LANES);
        s2.intoArray(c, to + 2 * LANES);
        s3.intoArray(c, to + 3 * LANES);
    }
}
