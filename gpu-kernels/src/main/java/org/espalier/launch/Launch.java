package org.espalier.launch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import uk.ac.manchester.tornado.api.common.TaskPackage;

/**
 * A kernel bound to its arguments: what a plan replays.
 *
 * <p>A kernel is a static method whose last two parameters are {@code int first, int count}; it writes the elements
 * {@code first … first + count − 1} of its output along {@code extent} and nothing else, so slices may run in any order
 * and on any number of threads. The same method reference is kept twice: as a CPU slice and as a TornadoVM task.
 *
 * @param name what the launch computes, for errors and profiles; plans make it unique
 * @param extent the number of slices' units (rows, elements…) in the whole launch
 * @param grain units per slice. The cut depends on the shape alone, never on the number of threads: this is what makes
 *     a host body whose rounding depends on the cut (a BLAS product) give the same bits on any number of threads
 * @param plain the kernel itself on the CPU
 * @param host a faster CPU body with the same meaning; the kernel itself where there is none
 * @param task makes the kernel with its arguments a TornadoVM task of a name, which has to be its own within a task graph
 * @param groups the groups of work items that the task wants on a device; null where TornadoVM makes them from its loops
 */
public record Launch(
        String name,
        int extent,
        int grain,
        Slice plain,
        Slice host,
        Function<String, TaskPackage> task,
        WorkGroups groups) {

    /** Below this many units a launch is not worth handing to another thread. */
    private static final int SMALL = 8192;

    /** More slices than threads, so that a thread that is held up does not hold up all. */
    private static final int MOST_SLICES = 8;

    /** Runs units {@code first … first + count − 1} of a launch. */
    @FunctionalInterface
    public interface Slice {
        void run(int first, int count);
    }

    public Launch {
        if (extent < 0) throw new IllegalArgumentException(name + ": negative extent " + extent);
        if (grain < 1) throw new IllegalArgumentException(name + ": grain must be positive, got " + grain);
    }

    private Launch(String name, int extent, Slice plain, Function<String, TaskPackage> task) {
        this(name, extent, even(extent), plain, plain, task, null);
    }

    /** Slices of equal length, a multiple of the longest vectors. */
    private static int even(int extent) {
        int slices = Math.clamp(extent / SMALL, 1, MOST_SLICES);
        return Math.max(1, ((extent + slices - 1) / slices + 15) / 16 * 16);
    }

    /** The same launch with a faster CPU body. */
    public Launch withHost(Slice body) {
        return new Launch(name, extent, grain, plain, body, task, groups);
    }

    /** The same launch cut into slices of {@code units}. */
    public Launch inSlicesOf(int units) {
        return new Launch(name, extent, Math.max(1, units), plain, host, task, groups);
    }

    /** The same launch cut so that a slice does about {@code work} operations, given the operations of one unit. */
    public Launch costing(long perUnit, long work) {
        return inSlicesOf((int) Math.clamp(work / Math.max(1, perUnit), 1, Math.max(1, extent)));
    }

    /** The same launch with another kernel on a device. */
    Launch onDevice(Function<String, TaskPackage> other, WorkGroups wanted) {
        return new Launch(name, extent, grain, plain, host, other, wanted);
    }

    /** The kernel's own arguments, and what says which slice: the arrays among them are all that the launch touches. */
    public List<Object> arguments() {
        Object[] all = parameters();
        return Arrays.asList(all).subList(1, all.length);
    }

    /** The method that the launch runs. */
    public KernelMethod kernel() {
        return KernelMethod.of((Kernel) parameters()[0]);
    }

    /** The arrays among the arguments that the kernel may write, in their order. */
    public List<Object> writes() {
        boolean[] written = kernel().writes();
        List<Object> arguments = arguments();
        List<Object> arrays = new ArrayList<>();
        for (int i = 0; i < written.length; i++) if (written[i]) arrays.add(arguments.get(i));
        return arrays;
    }

    private Object[] parameters() {
        return task.apply(name).getTaskParameters();
    }

    /** A launch of a kernel with 1 own argument. */
    public static <A> Launch of(String name, int extent, Kernel.Of1<A> kernel, A a) {
        return new Launch(
                name,
                extent,
                (first, count) -> kernel.apply(a, first, count),
                id -> new TaskPackage(id, kernel, a, 0, extent));
    }

    /** A launch of a kernel with 2 own arguments. */
    public static <A, B> Launch of(String name, int extent, Kernel.Of2<A, B> kernel, A a, B b) {
        return new Launch(
                name,
                extent,
                (first, count) -> kernel.apply(a, b, first, count),
                id -> new TaskPackage(id, kernel, a, b, 0, extent));
    }

    /** A launch of a kernel with 3 own arguments. */
    public static <A, B, C> Launch of(String name, int extent, Kernel.Of3<A, B, C> kernel, A a, B b, C c) {
        return new Launch(
                name,
                extent,
                (first, count) -> kernel.apply(a, b, c, first, count),
                id -> new TaskPackage(id, kernel, a, b, c, 0, extent));
    }

    /** A launch of a kernel with 4 own arguments. */
    public static <A, B, C, D> Launch of(String name, int extent, Kernel.Of4<A, B, C, D> kernel, A a, B b, C c, D d) {
        return new Launch(
                name,
                extent,
                (first, count) -> kernel.apply(a, b, c, d, first, count),
                id -> new TaskPackage(id, kernel, a, b, c, d, 0, extent));
    }

    /** A launch of a kernel with 5 own arguments. */
    public static <A, B, C, D, E> Launch of(
            String name, int extent, Kernel.Of5<A, B, C, D, E> kernel, A a, B b, C c, D d, E e) {
        return new Launch(
                name,
                extent,
                (first, count) -> kernel.apply(a, b, c, d, e, first, count),
                id -> new TaskPackage(id, kernel, a, b, c, d, e, 0, extent));
    }

    /** A launch of a kernel with 6 own arguments. */
    public static <A, B, C, D, E, F> Launch of(
            String name, int extent, Kernel.Of6<A, B, C, D, E, F> kernel, A a, B b, C c, D d, E e, F f) {
        return new Launch(
                name,
                extent,
                (first, count) -> kernel.apply(a, b, c, d, e, f, first, count),
                id -> new TaskPackage(id, kernel, a, b, c, d, e, f, 0, extent));
    }

    /** A launch of a kernel with 7 own arguments. */
    public static <A, B, C, D, E, F, G> Launch of(
            String name, int extent, Kernel.Of7<A, B, C, D, E, F, G> kernel, A a, B b, C c, D d, E e, F f, G g) {
        return new Launch(
                name,
                extent,
                (first, count) -> kernel.apply(a, b, c, d, e, f, g, first, count),
                id -> new TaskPackage(id, kernel, a, b, c, d, e, f, g, 0, extent));
    }

    /** A launch of a kernel with 8 own arguments. */
    public static <A, B, C, D, E, F, G, H> Launch of(
            String name,
            int extent,
            Kernel.Of8<A, B, C, D, E, F, G, H> kernel,
            A a,
            B b,
            C c,
            D d,
            E e,
            F f,
            G g,
            H h) {
        return new Launch(
                name,
                extent,
                (first, count) -> kernel.apply(a, b, c, d, e, f, g, h, first, count),
                id -> new TaskPackage(id, kernel, a, b, c, d, e, f, g, h, 0, extent));
    }

    /** A launch of a kernel with 9 own arguments. */
    public static <A, B, C, D, E, F, G, H, I> Launch of(
            String name,
            int extent,
            Kernel.Of9<A, B, C, D, E, F, G, H, I> kernel,
            A a,
            B b,
            C c,
            D d,
            E e,
            F f,
            G g,
            H h,
            I i) {
        return new Launch(
                name,
                extent,
                (first, count) -> kernel.apply(a, b, c, d, e, f, g, h, i, first, count),
                id -> new TaskPackage(id, kernel, a, b, c, d, e, f, g, h, i, 0, extent));
    }

    /** A launch of a kernel with 10 own arguments. */
    public static <A, B, C, D, E, F, G, H, I, J> Launch of(
            String name,
            int extent,
            Kernel.Of10<A, B, C, D, E, F, G, H, I, J> kernel,
            A a,
            B b,
            C c,
            D d,
            E e,
            F f,
            G g,
            H h,
            I i,
            J j) {
        return new Launch(
                name,
                extent,
                (first, count) -> kernel.apply(a, b, c, d, e, f, g, h, i, j, first, count),
                id -> new TaskPackage(id, kernel, a, b, c, d, e, f, g, h, i, j, 0, extent));
    }

    /** A launch of a kernel with 11 own arguments. */
    public static <A, B, C, D, E, F, G, H, I, J, K> Launch of(
            String name,
            int extent,
            Kernel.Of11<A, B, C, D, E, F, G, H, I, J, K> kernel,
            A a,
            B b,
            C c,
            D d,
            E e,
            F f,
            G g,
            H h,
            I i,
            J j,
            K k) {
        return new Launch(
                name,
                extent,
                (first, count) -> kernel.apply(a, b, c, d, e, f, g, h, i, j, k, first, count),
                id -> new TaskPackage(id, kernel, a, b, c, d, e, f, g, h, i, j, k, 0, extent));
    }

    /** A launch of a kernel with 12 own arguments. */
    public static <A, B, C, D, E, F, G, H, I, J, K, L> Launch of(
            String name,
            int extent,
            Kernel.Of12<A, B, C, D, E, F, G, H, I, J, K, L> kernel,
            A a,
            B b,
            C c,
            D d,
            E e,
            F f,
            G g,
            H h,
            I i,
            J j,
            K k,
            L l) {
        return new Launch(
                name,
                extent,
                (first, count) -> kernel.apply(a, b, c, d, e, f, g, h, i, j, k, l, first, count),
                id -> new TaskPackage(id, kernel, a, b, c, d, e, f, g, h, i, j, k, l, 0, extent));
    }

    /** A launch of a kernel with 13 own arguments. */
    public static <A, B, C, D, E, F, G, H, I, J, K, L, M> Launch of(
            String name,
            int extent,
            Kernel.Of13<A, B, C, D, E, F, G, H, I, J, K, L, M> kernel,
            A a,
            B b,
            C c,
            D d,
            E e,
            F f,
            G g,
            H h,
            I i,
            J j,
            K k,
            L l,
            M m) {
        return new Launch(
                name,
                extent,
                (first, count) -> kernel.apply(a, b, c, d, e, f, g, h, i, j, k, l, m, first, count),
                id -> new TaskPackage(id, kernel, a, b, c, d, e, f, g, h, i, j, k, l, m, 0, extent));
    }
}
