package org.espalier.launch;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Which core a thread runs on. Linux at times leaves two threads that spin for one another on one core for a second while the next
 * core idles: a training step of LeNet-300-100 then takes 1,000 µs instead of 640. Elsewhere than on Linux nothing is known and
 * nothing is moved.
 */
final class Placement {
    private static final int WORDS = 16;
    private static final MethodHandle CPU = handle("sched_getcpu", FunctionDescriptor.of(JAVA_INT), true);
    private static final MethodHandle THREAD = handle("gettid", FunctionDescriptor.of(JAVA_INT), true);
    private static final FunctionDescriptor AFFINITY = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle GET = handle("sched_getaffinity", AFFINITY, false);
    private static final MethodHandle SET = handle("sched_setaffinity", AFFINITY, false);

    /** Where the process as a whole may run. */
    private static final long[] ALLOWED = allowed();

    private Placement() {}

    /** The core that the calling thread runs on; −1 where that can't be told. */
    static int cpu() {
        return call(CPU);
    }

    /** The system's number of the calling thread; −1 where there is none. */
    static int thread() {
        return call(THREAD);
    }

    /** Keeps a thread off one core. Does nothing where that would leave it none. */
    static void keepOff(int thread, int cpu) {
        if (ALLOWED == null || thread < 0 || cpu < 0 || cpu >= 64 * WORDS) return;
        long[] mask = ALLOWED.clone();
        mask[cpu / 64] &= ~(1L << cpu);
        boolean any = false;
        for (long word : mask) any |= word != 0;
        if (!any) return;
        try (Arena arena = Arena.ofConfined()) {
            int ignored = (int) SET.invokeExact(thread, 8L * WORDS, arena.allocateFrom(ValueLayout.JAVA_LONG, mask));
        } catch (Throwable t) {
            throw new IllegalStateException("sched_setaffinity failed", t);
        }
    }

    private static int call(MethodHandle handle) {
        if (handle == null) return -1;
        try {
            return (int) handle.invokeExact();
        } catch (Throwable t) {
            throw new IllegalStateException("a system call failed", t);
        }
    }

    private static long[] allowed() {
        if (GET == null || SET == null) return null;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(8L * WORDS);
            int bytes = (int) GET.invokeExact(0, 8L * WORDS, mask);
            return bytes < 0 ? null : mask.toArray(ValueLayout.JAVA_LONG);
        } catch (Throwable t) {
            throw new IllegalStateException("sched_getaffinity failed", t);
        }
    }

    private static MethodHandle handle(String name, FunctionDescriptor type, boolean brief) {
        if (!System.getProperty("os.name").equals("Linux")) return null;
        Linker linker = Linker.nativeLinker();
        SymbolLookup symbols = linker.defaultLookup();
        Linker.Option[] options = brief ? new Linker.Option[] {Linker.Option.critical(false)} : new Linker.Option[0];
        return symbols.find(name)
                .map(address -> linker.downcallHandle(address, type, options))
                .orElse(null);
    }
}
