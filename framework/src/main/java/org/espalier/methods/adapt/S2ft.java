package org.espalier.methods.adapt;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.espalier.engine.Parameter;
import org.espalier.engine.Rng;
import org.espalier.engine.Surgery;
import org.espalier.models.Model;
import org.espalier.prune.Gathering;
import org.espalier.prune.Statistic;
import org.espalier.spec.Default;
import org.espalier.spec.Paper;
import org.espalier.train.Adaptation;
import org.espalier.train.AdaptedBlock;
import org.espalier.train.AdaptedWeight;
import org.espalier.train.AdaptedWeights;
import org.espalier.train.Adapter;
import org.espalier.train.Training;

/**
 * Trains a few attention heads and feed-forward channels, and all else stays. Chosen units are put side by side by permuting whole
 * coupled structures, which changes nothing of what the network computes; their rows or columns are then one dense block of each
 * weight. Afterwards everything goes back to its place. Heads that share keys and values are one unit.
 *
 * @param value share of all heads of the network whose rows of the value projections are trained
 * @param output the same for columns of the output projections
 * @param up share of all channels of the network whose rows of the up projections are trained
 * @param down the same for columns of the down projections
 * @param choose by what units are chosen
 * @param take whether the largest or the smallest are taken
 * @param examples over how many training examples activations or gradients are looked at
 * @param fill whether pruned weights inside the blocks are trained too; else they stay zero
 */
@Paper(
        title = "S2FT: Efficient, Scalable and Generalizable LLM Fine-tuning by Structured Sparsity",
        year = 2024,
        id = "2412.06289")
public record S2ft(
        @Default("0") double value,
        @Default("0.052") double output,
        @Default("0") double up,
        @Default("0.02") double down,
        @Default("random") Choice choose,
        @Default("largest") Take take,
        @Default("128") int examples,
        @Default("false") boolean fill)
        implements Adapter {
    /** By what units are chosen. */
    public enum Choice {
        RANDOM,
        /** The norm of the unit's part of the trained weight. */
        WEIGHT,
        /** The norm of what passes through the unit. */
        ACTIVATION,
        /** Both multiplied. */
        PRODUCT,
        /** The norm of the loss's gradient in the unit's part of the trained weight. */
        GRADIENT
    }

    /** Which end of the order. */
    public enum Take {
        LARGEST,
        SMALLEST
    }

    public S2ft {
        for (double share : new double[] {value, output, up, down})
            if (!(share >= 0 && share <= 1))
                throw new IllegalArgumentException("value, output, up and down must lie in [0, 1], got " + share);
        if (value + output + up + down == 0) throw new IllegalArgumentException("nothing is to be trained");
        if (examples < 1) throw new IllegalArgumentException("examples must be at least 1, got " + examples);
    }

    @Override
    public boolean keepsZeros() {
        return !fill;
    }

    @Override
    public void check(Model model) {
        int trained = 0;
        for (Kind kind : kinds()) {
            List<Structure> structures = structures(model, kind);
            if (structures.isEmpty() && kind.first + kind.second > 0)
                throw new IllegalArgumentException("the network has no layers " + kind.rows + " and " + kind.columns
                        + " whose units could be chosen");
            int units = units(structures);
            trained += (int) (units * kind.first) + (int) (units * kind.second);
        }
        if (trained == 0)
            throw new IllegalArgumentException("the shares are so small that no head and no channel is trained");
    }

    @Override
    public Adaptation attach(Training training) {
        check(training.model());
        List<Placed> placed = new ArrayList<>();
        for (Kind kind : kinds()) placed.addAll(place(training, kind));
        return new Moved(
                AdaptedWeights.inPlace(placed.stream()
                        .flatMap(p -> p.blocks.stream())
                        .map(AdaptedWeight.class::cast)
                        .toList()),
                placed,
                fill);
    }

    /**
     * One of the two structures of a block: the rows of one weight and the columns of the next, one unit after the other.
     *
     * @param first the share of units whose rows are trained; {@code second}: whose columns
     */
    private record Kind(String rows, String columns, double first, double second) {}

    private List<Kind> kinds() {
        return List.of(new Kind("v_proj", "o_proj", value, output), new Kind("up_proj", "down_proj", up, down));
    }

    /** The units of one layer. */
    private record Structure(Parameter rows, Parameter columns, Surgery.Group group) {
        int units() {
            return group.size();
        }

        /** Rows, or columns, of one unit. */
        int width(Parameter weight) {
            return (weight == rows ? weight.rows() : weight.columns()) / units();
        }
    }

    private static List<Structure> structures(Model model, Kind kind) {
        List<Structure> found = new ArrayList<>();
        for (Surgery.Group group : Surgery.groups(model.parameters())) {
            Optional<Parameter> rows = member(group, true, kind.rows), columns = member(group, false, kind.columns);
            if (rows.isPresent() && columns.isPresent()) found.add(new Structure(rows.get(), columns.get(), group));
        }
        return found;
    }

    private static Optional<Parameter> member(Surgery.Group group, boolean rows, String name) {
        return group.members().stream()
                .filter(m -> m.rows() == rows && m.parameter().kind() == Parameter.Kind.WEIGHT)
                .map(Surgery.Member::parameter)
                .filter(p -> p.layer().endsWith("." + name))
                .findFirst();
    }

    private static int units(List<Structure> structures) {
        return structures.stream().mapToInt(Structure::units).sum();
    }

    /** A structure whose units are in a new order. */
    private record Placed(Structure structure, int[] order, List<AdaptedBlock> blocks) {}

    private List<Placed> place(Training training, Kind kind) {
        List<Structure> structures = structures(training.model(), kind);
        if (training.fresh()) {
            Set<Integer> first = chosen(training, structures, kind.first, kind.rows, true);
            Set<Integer> second = chosen(training, structures, kind.second, kind.columns, false);
            int offset = 0;
            for (Structure s : structures) {
                remember(training, s, first, second, offset);
                offset += s.units();
            }
        }
        List<Placed> placed = new ArrayList<>();
        for (Structure s : structures) placed.add(placed(training, s));
        return placed;
    }

    /** The chosen of all units of the network, counted through. */
    private Set<Integer> chosen(
            Training training, List<Structure> structures, double share, String name, boolean ofRows) {
        int all = units(structures), count = (int) (all * share);
        if (count == 0) return Set.of();
        int[] order = choose == Choice.RANDOM
                ? Rng.permutation(training.random("s2ft/" + name), all)
                : ranked(scores(training, structures, ofRows));
        Set<Integer> chosen = new TreeSet<>();
        for (int i = 0; i < count; i++) chosen.add(order[i]);
        return chosen;
    }

    private int[] ranked(double[] scores) {
        Comparator<Integer> order = Comparator.comparingDouble(i -> scores[i]);
        if (take == Take.LARGEST) order = order.reversed();
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(order.thenComparing(Comparator.naturalOrder()))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private double[] scores(Training training, List<Structure> structures, boolean ofRows) {
        List<Parameter> weights =
                structures.stream().map(s -> ofRows ? s.rows : s.columns).toList();
        List<Parameter> outputs = structures.stream().map(Structure::columns).toList();
        Map<Parameter, float[]> inputs = choose == Choice.ACTIVATION || choose == Choice.PRODUCT
                ? Gathering.gather(Statistic.INPUT_SQUARES, training, outputs, examples)
                : Map.of();
        Map<Parameter, float[]> gradients = choose == Choice.GRADIENT
                ? Gathering.gather(Statistic.GRADIENT, training, weights, examples)
                : Map.of();
        double[] scores = new double[units(structures)];
        int at = 0;
        for (Structure s : structures) {
            Parameter weight = ofRows ? s.rows : s.columns;
            float[] matrix = choose == Choice.GRADIENT ? gradients.get(weight) : weight.value();
            for (int unit = 0; unit < s.units(); unit++) {
                double own = norm(matrix, weight, s.width(weight), unit, ofRows);
                double passing = inputs.isEmpty() ? 1 : passing(inputs.get(s.columns), s.width(s.columns), unit);
                scores[at++] = choose == Choice.ACTIVATION ? passing : own * passing;
            }
        }
        return scores;
    }

    private static double norm(float[] matrix, Parameter weight, int width, int unit, boolean ofRows) {
        double sum = 0;
        int rows = weight.rows(), columns = weight.columns();
        for (int r = ofRows ? unit * width : 0; r < (ofRows ? (unit + 1) * width : rows); r++)
            for (int c = ofRows ? 0 : unit * width; c < (ofRows ? columns : (unit + 1) * width); c++)
                sum += (double) matrix[r * columns + c] * matrix[r * columns + c];
        return Math.sqrt(sum);
    }

    private static double passing(float[] squares, int width, int unit) {
        double sum = 0;
        for (int i = unit * width; i < (unit + 1) * width; i++) sum += squares[i];
        return Math.sqrt(sum);
    }

    /** Units that only rows are trained of, those of both, those of columns only, the rest: what is trained lies together. */
    private static void remember(Training training, Structure s, Set<Integer> first, Set<Integer> second, int offset) {
        float[] plan = plan(training, s);
        int at = 0;
        for (int group = 0; group < 4; group++) {
            for (int unit = 0; unit < s.units(); unit++) {
                boolean a = first.contains(offset + unit), b = second.contains(offset + unit);
                int own = a ? (b ? 1 : 0) : (b ? 2 : 3);
                if (own == group) plan[at++] = unit;
            }
            if (group < 3) plan[s.units() + group] = at;
        }
    }

    /** The order of a structure's units, and how many of them lie before the end of each of the first three kinds. */
    private static float[] plan(Training training, Structure s) {
        return training.array("s2ft/" + s.columns.name(), s.units() + 3);
    }

    private Placed placed(Training training, Structure s) {
        float[] plan = plan(training, s);
        int[] order = new int[s.units()];
        for (int i = 0; i < order.length; i++) order[i] = (int) plan[i];
        int rowsOnly = (int) plan[order.length], both = (int) plan[order.length + 1];
        int columnsOnly = (int) plan[order.length + 2];
        if (training.fresh() && columnsOnly > 0) Surgery.permute(s.group, order);
        List<AdaptedBlock> blocks = new ArrayList<>();
        if (both > 0) blocks.add(block(training, s, s.rows, 0, both));
        if (columnsOnly > rowsOnly) blocks.add(block(training, s, s.columns, rowsOnly, columnsOnly - rowsOnly));
        return new Placed(s, columnsOnly > 0 ? order : new int[0], blocks);
    }

    private AdaptedBlock block(Training training, Structure s, Parameter weight, int first, int units) {
        int width = s.width(weight);
        return AdaptedBlock.of(training, weight, "s2ft", first * width, units * width, weight == s.rows, !fill);
    }

    /** Blocks that go back to their places when they are merged. */
    private record Moved(AdaptedWeights blocks, List<Placed> placed, boolean fill) implements Adaptation {
        @Override
        public List<Parameter> parameters() {
            return blocks.parameters();
        }

        @Override
        public void merge() {
            if (fill) placed.forEach(p -> p.blocks.forEach(AdaptedBlock::fill));
            blocks.merge();
            for (Placed p : placed)
                if (p.order.length > 0) Surgery.permute(p.structure.group, Surgery.inverse(p.order));
        }
    }
}
