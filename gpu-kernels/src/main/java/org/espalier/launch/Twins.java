package org.espalier.launch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.kernels.MatMul;
import org.espalier.kernels.tuned.SmallMatMul;
import org.espalier.kernels.tuned.TiledMatMul;

/** Which tuned kernels stand beside which portable ones. */
final class Twins {
    private static final Map<KernelMethod, List<Twin>> ALL = new LinkedHashMap<>();

    static {
        add(
                MatMul::nn,
                TiledMatMul::nn,
                TiledMatMul.ITEMS,
                (own, rows) -> tiles(rows, own.number(3), TiledMatMul.TILE));
        add(
                MatMul::nt,
                TiledMatMul::nt,
                TiledMatMul.ITEMS,
                (own, rows) -> tiles(rows, own.number(3), TiledMatMul.TILE));
        add(
                MatMul::tn,
                TiledMatMul::tn,
                TiledMatMul.ITEMS,
                (own, rows) -> tiles(rows, own.number(4), TiledMatMul.TILE));
        add(
                MatMul::nn,
                SmallMatMul::nn,
                SmallMatMul.ITEMS,
                (own, rows) -> tiles(rows, own.number(3), SmallMatMul.TILE));
        add(
                MatMul::nt,
                SmallMatMul::nt,
                SmallMatMul.ITEMS,
                (own, rows) -> tiles(rows, own.number(3), SmallMatMul.TILE));
        add(
                MatMul::tn,
                SmallMatMul::tn,
                SmallMatMul.ITEMS,
                (own, rows) -> tiles(rows, own.number(4), SmallMatMul.TILE));
    }

    private Twins() {}

    /** The tuned kernels beside {@code portable}. */
    static List<Twin> of(KernelMethod portable) {
        return ALL.getOrDefault(portable, List.of());
    }

    static Collection<List<Twin>> all() {
        return ALL.values();
    }

    private static int tiles(int rows, int columns, int side) {
        return parts(rows, side) * parts(columns, side);
    }

    private static int parts(int whole, int part) {
        return (whole + part - 1) / part;
    }

    private static void put(Kernel portable, Tuned kernel, int items, Twin.Shape shape) {
        KernelMethod method = KernelMethod.of(portable);
        ALL.computeIfAbsent(method, _ -> new ArrayList<>()).add(new Twin(method, kernel, items, shape));
    }

    private static <A, B, C> void add(
            Kernel.Of3<A, B, C> portable, Tuned.Of3<A, B, C> kernel, int items, Twin.Shape shape) {
        put(portable, kernel, items, shape);
    }

    private static <A, B, C, D> void add(
            Kernel.Of4<A, B, C, D> portable, Tuned.Of4<A, B, C, D> kernel, int items, Twin.Shape shape) {
        put(portable, kernel, items, shape);
    }

    private static <A, B, C, D, E> void add(
            Kernel.Of5<A, B, C, D, E> portable, Tuned.Of5<A, B, C, D, E> kernel, int items, Twin.Shape shape) {
        put(portable, kernel, items, shape);
    }

    private static <A, B, C, D, E, F> void add(
            Kernel.Of6<A, B, C, D, E, F> portable, Tuned.Of6<A, B, C, D, E, F> kernel, int items, Twin.Shape shape) {
        put(portable, kernel, items, shape);
    }

    private static <A, B, C, D, E, F, G> void add(
            Kernel.Of7<A, B, C, D, E, F, G> portable,
            Tuned.Of7<A, B, C, D, E, F, G> kernel,
            int items,
            Twin.Shape shape) {
        put(portable, kernel, items, shape);
    }

    private static <A, B, C, D, E, F, G, H> void add(
            Kernel.Of8<A, B, C, D, E, F, G, H> portable,
            Tuned.Of8<A, B, C, D, E, F, G, H> kernel,
            int items,
            Twin.Shape shape) {
        put(portable, kernel, items, shape);
    }

    private static <A, B, C, D, E, F, G, H, I> void add(
            Kernel.Of9<A, B, C, D, E, F, G, H, I> portable,
            Tuned.Of9<A, B, C, D, E, F, G, H, I> kernel,
            int items,
            Twin.Shape shape) {
        put(portable, kernel, items, shape);
    }

    private static <A, B, C, D, E, F, G, H, I, J> void add(
            Kernel.Of10<A, B, C, D, E, F, G, H, I, J> portable,
            Tuned.Of10<A, B, C, D, E, F, G, H, I, J> kernel,
            int items,
            Twin.Shape shape) {
        put(portable, kernel, items, shape);
    }

    private static <A, B, C, D, E, F, G, H, I, J, K> void add(
            Kernel.Of11<A, B, C, D, E, F, G, H, I, J, K> portable,
            Tuned.Of11<A, B, C, D, E, F, G, H, I, J, K> kernel,
            int items,
            Twin.Shape shape) {
        put(portable, kernel, items, shape);
    }

    private static <A, B, C, D, E, F, G, H, I, J, K, L> void add(
            Kernel.Of12<A, B, C, D, E, F, G, H, I, J, K, L> portable,
            Tuned.Of12<A, B, C, D, E, F, G, H, I, J, K, L> kernel,
            int items,
            Twin.Shape shape) {
        put(portable, kernel, items, shape);
    }

    private static <A, B, C, D, E, F, G, H, I, J, K, L, M> void add(
            Kernel.Of13<A, B, C, D, E, F, G, H, I, J, K, L, M> portable,
            Tuned.Of13<A, B, C, D, E, F, G, H, I, J, K, L, M> kernel,
            int items,
            Twin.Shape shape) {
        put(portable, kernel, items, shape);
    }
}
