package org.espalier.launch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.kernels.Attend;
import org.espalier.kernels.Bias;
import org.espalier.kernels.CrossEntropy;
import org.espalier.kernels.Diagonal;
import org.espalier.kernels.FewRows;
import org.espalier.kernels.LayerNorm;
import org.espalier.kernels.MatMul;
import org.espalier.kernels.Norm;
import org.espalier.kernels.OuterSums;
import org.espalier.kernels.RmsNorm;
import org.espalier.kernels.Standardise;
import org.espalier.kernels.Surprise;
import org.espalier.kernels.TokenSums;
import org.espalier.kernels.Update;
import org.espalier.kernels.Vocabulary;
import org.espalier.kernels.tuned.ColumnSums;
import org.espalier.kernels.tuned.EachEntry;
import org.espalier.kernels.tuned.GroupAttend;
import org.espalier.kernels.tuned.GroupAttendCached;
import org.espalier.kernels.tuned.GroupAttendGrad;
import org.espalier.kernels.tuned.GroupFewRows;
import org.espalier.kernels.tuned.GroupLayerNorm;
import org.espalier.kernels.tuned.GroupRmsNorm;
import org.espalier.kernels.tuned.GroupSoftmax;
import org.espalier.kernels.tuned.GroupStandardise;
import org.espalier.kernels.tuned.GroupSums;
import org.espalier.kernels.tuned.GroupUpdate;
import org.espalier.kernels.tuned.SmallMatMul;
import org.espalier.kernels.tuned.TiledMatMul;

/** Which tuned kernels stand beside which portable ones. */
final class Twins {
    private static final Map<KernelMethod, List<Twin>> ALL = new LinkedHashMap<>();

    static {
        products();
        vocabulary();
        reductions();
        rows();
        entries();
        attention();
        add(Update::sgd, GroupUpdate::sgd, GroupUpdate.ITEMS, Twins::eachSeveral);
        add(Update::adam, GroupUpdate::adam, GroupUpdate.ITEMS, Twins::eachSeveral);
    }

    private Twins() {}

    /** The tuned kernels beside {@code portable}. */
    static List<Twin> of(KernelMethod portable) {
        return ALL.getOrDefault(portable, List.of());
    }

    static Collection<List<Twin>> all() {
        return ALL.values();
    }

    private static void products() {
        int items = TiledMatMul.ITEMS, tile = TiledMatMul.TILE, small = SmallMatMul.TILE;
        add(MatMul::nn, TiledMatMul::nn, items, (own, rows) -> tiles(rows, own.number(3), tile));
        add(MatMul::nn, SmallMatMul::nn, SmallMatMul.ITEMS, (own, rows) -> tiles(rows, own.number(3), small));
        add(MatMul::nt, TiledMatMul::nt, items, (own, rows) -> tiles(rows, own.number(3), tile));
        add(MatMul::nt, SmallMatMul::nt, SmallMatMul.ITEMS, (own, rows) -> tiles(rows, own.number(3), small));
        add(MatMul::tn, TiledMatMul::tn, items, (own, rows) -> tiles(rows, own.number(4), tile));
        add(MatMul::tn, SmallMatMul::tn, SmallMatMul.ITEMS, (own, rows) -> tiles(rows, own.number(4), small));
    }

    private static void vocabulary() {
        int items = TiledMatMul.ITEMS, tile = TiledMatMul.TILE;
        add(Vocabulary::logits, TiledMatMul::logits, items, (own, classes) -> tiles(own.number(4), classes, tile));
        add(
                Vocabulary::hiddenGrad,
                TiledMatMul::hiddenGrad,
                items,
                (own, tokens) -> tiles(tokens, own.number(5), tile));
        add(Vocabulary::headGrad, TiledMatMul::headGrad, items, (own, classes) -> tiles(classes, own.number(6), tile));
        add(FewRows::forward, GroupFewRows::forward, GroupFewRows.ITEMS, (own, rows) -> rows * own.number(3));
    }

    private static void reductions() {
        int items = GroupSums.ITEMS, columns = ColumnSums.COLUMNS;
        add(Bias::grad, GroupSums::bias, items, Twins::eachOne);
        add(Bias::grad, ColumnSums::bias, ColumnSums.ITEMS, (own, features) -> parts(features, columns));
        add(Diagonal::grad, ColumnSums::diagonal, ColumnSums.ITEMS, (own, features) -> parts(features, columns));
        add(
                TokenSums::squares,
                ColumnSums::tokenSquares,
                ColumnSums.ITEMS,
                (own, features) -> parts(features, columns));
        add(TokenSums::sums, ColumnSums::tokenSums, ColumnSums.ITEMS, (own, features) -> parts(features, columns));
        add(OuterSums::product, ColumnSums::outer, ColumnSums.ITEMS, (own, all) -> parts(all, columns) * own.number(4));
        add(Norm::squares, GroupSums::squares, items, Twins::eachOne);
        add(Norm::clip, GroupSums::clip, items, Twins::only);
        add(Standardise::moments, GroupStandardise::moments, GroupStandardise.ITEMS, Twins::eachOne);
        add(Standardise::sums, GroupStandardise::sums, GroupStandardise.ITEMS, Twins::eachOne);
        add(CrossEntropy::total, GroupSums::total, items, Twins::only);
    }

    private static void rows() {
        add(CrossEntropy::forward, GroupSoftmax::forward, GroupSoftmax.ITEMS, Twins::eachOne);
        add(Vocabulary::slope, GroupSoftmax::slope, GroupSoftmax.ITEMS, Twins::eachOne);
        add(Surprise::measure, GroupSoftmax::surprise, GroupSoftmax.ITEMS, Twins::eachOne);
        add(RmsNorm::forward, GroupRmsNorm::forward, GroupRmsNorm.ITEMS, Twins::eachOne);
        add(RmsNorm::grad, GroupRmsNorm::grad, GroupRmsNorm.ITEMS, Twins::eachOne);
        add(LayerNorm::forward, GroupLayerNorm::forward, GroupLayerNorm.ITEMS, Twins::eachOne);
        add(LayerNorm::grad, GroupLayerNorm::grad, GroupLayerNorm.ITEMS, Twins::eachOne);
    }

    private static void attention() {
        add(
                Attend::forward,
                GroupAttend::forward,
                GroupAttend.ITEMS,
                (own, heads) ->
                        own.number(7) > GroupAttend.MOST_DIM ? 0 : heads * parts(own.number(8), GroupAttend.BLOCK));
        add(
                Attend::grad,
                GroupAttendGrad::queries,
                (own, keyHeads) -> keyHeads / own.numbers(9)[1] * own.numbers(9)[0] * gradBlocks(own),
                GroupAttendGrad::keys,
                (own, keyHeads) -> keyHeads * gradBlocks(own),
                GroupAttendGrad.ITEMS);
        add(
                Attend::cached,
                GroupAttendCached::forward,
                GroupAttendCached.ITEMS,
                (own, keyHeads) ->
                        own.number(9) > GroupAttendCached.MOST_DIM ? 0 : keyHeads / own.number(8) * own.number(7));
    }

    private static int gradBlocks(Twin.Own own) {
        int[] shape = own.numbers(9);
        return shape[2] > GroupAttendGrad.MOST_DIM ? 0 : parts(shape[3], GroupAttendGrad.BLOCK);
    }

    private static void entries() {
        int items = EachEntry.ITEMS;
        add(Bias::add, EachEntry::bias, items, (own, features) -> parts(features * own.number(2), items));
        add(CrossEntropy::grad, EachEntry::slope, items, (own, examples) -> parts(examples * own.number(4), items));
        add(
                Standardise::apply,
                EachEntry::standardise,
                items,
                (own, channels) -> parts(channels * own.number(7), items));
        add(
                Standardise::inputGrad,
                EachEntry::standardiseGrad,
                items,
                (own, channels) -> parts(channels * own.number(7), items));
    }

    /** A group for each unit of the launch. */
    private static int eachOne(Twin.Own own, int extent) {
        return extent;
    }

    /** One group for one unit. */
    private static int only(Twin.Own own, int extent) {
        return extent == 1 ? 1 : 0;
    }

    private static int eachSeveral(Twin.Own own, int extent) {
        return parts(extent, GroupUpdate.ITEMS * GroupUpdate.EACH);
    }

    private static int tiles(int rows, int columns, int side) {
        return parts(rows, side) * parts(columns, side);
    }

    private static int parts(int whole, int part) {
        return (whole + part - 1) / part;
    }

    private static void put(Kernel portable, Tuned kernel, int items, Twin.Shape shape) {
        KernelMethod method = KernelMethod.of(portable);
        ALL.computeIfAbsent(method, _ -> new ArrayList<>())
                .add(new Twin(method, List.of(new Twin.Part(kernel, items, shape))));
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

    private static <A, B, C, D, E, F, G, H, I, J, K, L> void add(
            Kernel.Of12<A, B, C, D, E, F, G, H, I, J, K, L> portable,
            Tuned.Of12<A, B, C, D, E, F, G, H, I, J, K, L> first,
            Twin.Shape firstShape,
            Tuned.Of12<A, B, C, D, E, F, G, H, I, J, K, L> second,
            Twin.Shape secondShape,
            int items) {
        KernelMethod method = KernelMethod.of(portable);
        ALL.computeIfAbsent(method, _ -> new ArrayList<>())
                .add(new Twin(
                        method,
                        List.of(new Twin.Part(first, items, firstShape), new Twin.Part(second, items, secondShape))));
    }
}
