package org.espalier.launch;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** OpenBLAS's single-precision product, called straight on Java arrays, one thread per call. See {@link BlasLibrary}. */
public final class Blas {
    private static final int ROW_MAJOR = 101;
    private static final int PLAIN = 111;
    private static final int TRANSPOSED = 112;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle SGEMM;
    private static final String KERNEL;

    static {
        SymbolLookup symbols = BlasLibrary.open();
        SGEMM = LINKER.downcallHandle(
                symbols.find("cblas_sgemm").orElseThrow(),
                FunctionDescriptor.ofVoid(
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_INT,
                        JAVA_FLOAT,
                        ADDRESS,
                        JAVA_INT,
                        ADDRESS,
                        JAVA_INT,
                        JAVA_FLOAT,
                        ADDRESS,
                        JAVA_INT),
                Linker.Option.critical(true));
        KERNEL = start(symbols);
    }

    private Blas() {}

    /** The name of the CPU kernels that OpenBLAS uses here, for example {@code SkylakeX}. */
    public static String kernel() {
        return KERNEL;
    }

    /**
     * C = A·B + beta·C in row-major order, with A (m, k) or its transpose (k, m) stored, B (k, n) or its transpose (n, k)
     * stored, C (m, n).
     *
     * @param aFirst where A starts in {@code a}; {@code aStride} floats lie between the starts of its stored rows
     */
    public static void product(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float[] a,
            int aFirst,
            int aStride,
            float[] b,
            int bFirst,
            int bStride,
            float beta,
            float[] c,
            int cFirst,
            int cStride) {
        try {
            SGEMM.invokeExact(
                    ROW_MAJOR,
                    transposeA ? TRANSPOSED : PLAIN,
                    transposeB ? TRANSPOSED : PLAIN,
                    m,
                    n,
                    k,
                    1f,
                    from(a, aFirst),
                    aStride,
                    from(b, bFirst),
                    bStride,
                    beta,
                    from(c, cFirst),
                    cStride);
        } catch (Throwable t) {
            throw new IllegalStateException("OpenBLAS product failed", t);
        }
    }

    private static MemorySegment from(float[] array, int first) {
        return MemorySegment.ofArray(array).asSlice((long) first * Float.BYTES);
    }

    private static String start(SymbolLookup symbols) {
        try {
            MethodHandle threads = LINKER.downcallHandle(
                    symbols.find("openblas_set_num_threads").orElseThrow(), FunctionDescriptor.ofVoid(JAVA_INT));
            threads.invokeExact(1);
            MethodHandle name = LINKER.downcallHandle(
                    symbols.find("openblas_get_corename").orElseThrow(), FunctionDescriptor.of(ADDRESS));
            MemorySegment text = (MemorySegment) name.invokeExact();
            return text.reinterpret(64).getString(0);
        } catch (Throwable t) {
            throw new IllegalStateException("OpenBLAS could not be started", t);
        }
    }
}
