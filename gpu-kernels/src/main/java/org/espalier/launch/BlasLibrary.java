package org.espalier.launch;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import jdk.incubator.vector.FloatVector;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * Loads the OpenBLAS that ND4J brings, twice where the CPU has AVX-512. OpenBLAS chooses its kernels once, when it is loaded,
 * by a CPU model that it may not know; {@code OPENBLAS_CORETYPE} overrules it. Its AVX-512 kernels double the speed of
 * single-precision products, but those of version 0.3.19 solve triangular systems in double precision wrongly (OpenBLAS's
 * issue 3534: Cholesky factors of 33 rows and more are off in the first digit). So the library itself, which ND4J will
 * find loaded, gets AVX2 kernels, and a copy of its file, which is a library of its own to the system, gets AVX-512 ones for
 * our products. A user's own setting is left alone; {@link Blas} and the engine's linear algebra then share one library.
 */
final class BlasLibrary {
    private static final String CHOICE = "OPENBLAS_CORETYPE";

    private BlasLibrary() {}

    /** Where products are to be found. */
    static SymbolLookup open() {
        boolean wide = System.getenv(CHOICE) == null
                && FloatVector.SPECIES_PREFERRED.vectorBitSize() == 512
                && setEnvironment(CHOICE, "Haswell");
        Path library = Path.of(Loader.load(openblas_nolapack.class)).resolveSibling(fileName());
        SymbolLookup shared = SymbolLookup.libraryLookup(library, Arena.global());
        if (!wide) return shared;
        try {
            Path copy = copy(library);
            setEnvironment(CHOICE, "SKYLAKEX");
            return SymbolLookup.libraryLookup(copy, Arena.global());
        } catch (IOException e) {
            return shared; // no room for a copy: slower products, the same meaning; doctor prints the kernel in use
        } finally {
            clearEnvironment(CHOICE); // or processes started from here would take it for their user's setting
        }
    }

    /** The file's copy beside it, made once: whoever comes second finds it whole or makes it again. */
    private static Path copy(Path library) throws IOException {
        Path copy = library.resolveSibling("products-" + library.getFileName());
        if (Files.exists(copy) && Files.size(copy) == Files.size(library)) return copy;
        Path fresh = Files.createTempFile(library.getParent(), "products", null);
        try {
            Files.copy(library, fresh, StandardCopyOption.REPLACE_EXISTING);
            Files.move(fresh, copy, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
        return copy;
    }

    private static String fileName() {
        String name = System.mapLibraryName("openblas_nolapack");
        return name.endsWith(".so") ? name + ".0" : name.endsWith(".dylib") ? "libopenblas_nolapack.0.dylib" : name;
    }

    /** System.setenv does not exist in Java, and OpenBLAS reads the C library's environment; false where that has none. */
    private static boolean setEnvironment(String name, String value) {
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle call = function("setenv", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
            return call != null && (int) call.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 1) == 0;
        } catch (Throwable t) {
            throw new IllegalStateException("setenv failed", t);
        }
    }

    private static void clearEnvironment(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle call = function("unsetenv", FunctionDescriptor.of(JAVA_INT, ADDRESS));
            if (call != null) {
                int ignored = (int) call.invokeExact(arena.allocateFrom(name));
            }
        } catch (Throwable t) {
            throw new IllegalStateException("unsetenv failed", t);
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor shape) {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup()
                .find(name)
                .map(address -> linker.downcallHandle(address, shape))
                .orElse(null);
    }
}
