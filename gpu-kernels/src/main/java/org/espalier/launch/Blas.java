package org.espalier.launch;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import jdk.incubator.vector.FloatVector;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * OpenBLAS's single-precision product, called straight on Java arrays, one thread per call.
 *
 * <p>The library is the one that ND4J brings. It chooses its kernels by CPU model and takes AVX2 ones for models it does
 * not know; where the CPU has AVX-512, {@code OPENBLAS_CORETYPE=SKYLAKEX} is set before it is loaded, which doubles its
 * speed. A user's own setting is left alone.
 */
public final class Blas {
    private static final int ROW_MAJOR = 101;
    private static final int PLAIN = 111;
    private static final int TRANSPOSED = 112;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle SGEMM;
    private static final String KERNEL;

    static {
        if (System.getenv("OPENBLAS_CORETYPE") == null && FloatVector.SPECIES_PREFERRED.vectorBitSize() == 512)
            setEnvironment("OPENBLAS_CORETYPE", "SKYLAKEX");
        Path library = Path.of(Loader.load(openblas_nolapack.class)).resolveSibling(openblasName());
        SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
        SGEMM = LINKER.downcallHandle(
                symbols.find("cblas_sgemm").orElseThrow(),
                FunctionDescriptor.ofVoid(
                        JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_FLOAT, ADDRESS, JAVA_INT,
                        ADDRESS, JAVA_INT, JAVA_FLOAT, ADDRESS, JAVA_INT),
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
            boolean transposeA, boolean transposeB, int m, int n, int k,
            float[] a, int aFirst, int aStride, float[] b, int bFirst, int bStride,
            float beta, float[] c, int cFirst, int cStride) {
        try {
            SGEMM.invokeExact(
                    ROW_MAJOR, transposeA ? TRANSPOSED : PLAIN, transposeB ? TRANSPOSED : PLAIN, m, n, k, 1f,
                    from(a, aFirst), aStride, from(b, bFirst), bStride, beta, from(c, cFirst), cStride);
        } catch (Throwable t) {
            throw new IllegalStateException("OpenBLAS product failed", t);
        }
    }

    private static MemorySegment from(float[] array, int first) {
        return MemorySegment.ofArray(array).asSlice((long) first * Float.BYTES);
    }

    private static String openblasName() {
        String name = System.mapLibraryName("openblas_nolapack");
        return name.endsWith(".so") ? name + ".0" : name.endsWith(".dylib") ? "libopenblas_nolapack.0.dylib" : name;
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

    /** System.setenv does not exist in Java, and OpenBLAS reads the C library's environment when it is loaded. */
    private static void setEnvironment(String name, String value) {
        var setenv = LINKER.defaultLookup().find("setenv");
        if (setenv.isEmpty()) return;
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle call = LINKER.downcallHandle(
                    setenv.get(), FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
            int ignored = (int) call.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 1);
        } catch (Throwable t) {
            throw new IllegalStateException("setenv failed", t);
        }
    }
}
