package org.espalier.engine;

import java.util.Arrays;
import org.espalier.launch.Residency;

/**
 * A named array that belongs to a model: a weight matrix (rows are outputs; a convolution's columns are input channels ×
 * kernel positions), a table whose rows are looked up, a bias or scale per row, or a buffer that is saved but not trained.
 * Its array is made when it is first asked for, so that a model can be built without holding its weights.
 *
 * <p>A mask says which entries survive; the others are exactly zero and stay so. A parameter may be backed by files: its values can
 * then be released and come back. A sparse weight may be held in
 * {@link Compressed} form while plans run; {@link #value()} is always the whole dense array.
 */
public final class Parameter {
    /** What a parameter is for; only weights are pruned. */
    public enum Kind {
        WEIGHT,
        /** Rows looked up by number (tokens, positions), tied to the output layer or not: trained, never pruned. */
        TABLE,
        BIAS,
        SCALE,
        BUFFER
    }

    /** Where values lie while they are not in memory, so that a network may be larger than memory is. */
    public interface Backing {
        /** Fills {@code into}, which has the parameter's size, with the values as they were last. */
        void read(float[] into);

        /** Fills {@code into} from {@code at} on with some rows of a table. */
        void rows(int first, int count, float[] into, int at);

        /** Takes over values that were changed. */
        void write(float[] values);
    }

    /** What stands in for the product of an input with a weight: how a weight is adapted without being trained itself. */
    @FunctionalInterface
    public interface Product {
        /**
         * y (n, rows) from x (n, columns), bias not counted.
         *
         * @param x in rows
         */
        Tensor forward(Graph g, Tensor x);
    }

    /** Floats of a table that are shown at once. */
    private static final int SHOWN = 1 << 18;

    private final String name;
    private final Kind kind;
    private final Span rows;
    private final Span columns;
    private final int[] kernel;
    private int size;
    private float[] value;
    private float[] grad;
    private Mask mask;
    private Backing backing;
    private boolean changed;
    private boolean frozen;
    private Product product;
    private Compressed compressed;

    private Parameter(String name, Kind kind, Span rows, Span columns, int... kernel) {
        this.name = name;
        this.kind = kind;
        this.rows = rows;
        this.columns = columns;
        this.kernel = kernel.clone();
        this.size = Math.multiplyExact(rows.length(), columns == null ? 1 : columns.length());
    }

    /** A weight matrix; {@code kernel} is a convolution's height and width, which {@code columns} already counts. */
    public static Parameter weight(String name, Span rows, Span columns, int... kernel) {
        return new Parameter(name, Kind.WEIGHT, rows, columns, kernel);
    }

    /** A matrix whose rows are looked up, or which maps to as many classes as it has rows. */
    public static Parameter table(String name, Span rows, Span columns) {
        return new Parameter(name, Kind.TABLE, rows, columns);
    }

    /** One number per row: a bias, a scale or a buffer. */
    public static Parameter vector(String name, Kind kind, Span rows) {
        return new Parameter(name, kind, rows, null);
    }

    public String name() {
        return name;
    }

    /** What specs and reports call the layer of a weight: its name without {@code .weight}. */
    public String layer() {
        return name.endsWith(".weight") ? name.substring(0, name.length() - ".weight".length()) : name;
    }

    public Kind kind() {
        return kind;
    }

    public boolean trainable() {
        return kind != Kind.BUFFER && !frozen;
    }

    /** Says that it is not trained for now, so that no gradient is computed; or that it is again. */
    public void freeze(boolean now) {
        frozen = now;
        if (now) grad = null;
    }

    /** What stands in for the product with this weight; null for the product itself. */
    public Product product() {
        return product;
    }

    /** Has {@code by} stand in for the product with this weight from the next trace on; null for the product itself. */
    public void replaceProduct(Product by) {
        product = by;
    }

    public Span rowSpan() {
        return rows;
    }

    /** The span of the columns; null for a vector. */
    public Span columnSpan() {
        return columns;
    }

    public int rows() {
        return rows.length();
    }

    public int columns() {
        return columns == null ? 1 : columns.length();
    }

    public int size() {
        return size;
    }

    /** The shape as files write it: {@code (out, in)}, {@code (out, in, height, width)} or {@code (out)}. */
    public long[] shape() {
        if (columns == null) return new long[] {rows()};
        if (kernel.length == 0) return new long[] {rows(), columns()};
        return new long[] {rows(), columns() / (kernel[0] * kernel[1]), kernel[0], kernel[1]};
    }

    /** Inputs that reach one output: columns of a weight. */
    public int fanIn() {
        return columns();
    }

    /** Outputs that one input reaches, times kernel positions. */
    public int fanOut() {
        int positions = kernel.length == 0 ? 1 : kernel[0] * kernel[1];
        return rows() * positions;
    }

    /** The dense values, as they are now. To change them, write into the array and call {@link #wrote()}. */
    public float[] value() {
        if (value == null) {
            value = new float[size];
            if (backing != null) backing.read(value);
        }
        if (compressed != null) compressed.scatter(value);
        else Residency.read(value);
        return value;
    }

    /** Says that the array of {@link #value()} was written: pruned entries become zero again, compressed values follow. */
    public void wrote() {
        if (mask != null && value != null) mask.zero(value);
        changed = true;
        if (value != null) Residency.wrote(value);
        if (compressed != null) compressed.gather(value);
    }

    /** Takes over values. */
    public void load(float[] values) {
        if (values.length != size)
            throw new IllegalArgumentException(
                    name + " has " + size + " entries, the values given have " + values.length);
        if (value == null) value = values.clone();
        else System.arraycopy(values, 0, value, 0, size);
        wrote();
    }

    /** Has its values lie in {@code array} from now on, with what is in it: for those who keep arrays themselves. */
    public void lay(float[] array) {
        if (array.length != size)
            throw new IllegalArgumentException(name + " has " + size + " entries, the array given " + array.length);
        value = array;
        compressed = null;
    }

    /** Says where values are read from when they are next asked for, and where changed ones go when they are released. */
    public void back(Backing by) {
        backing = by;
        value = null;
        changed = false;
    }

    /** Whether released values come back. */
    public boolean backed() {
        return backing != null;
    }

    /**
     * Lets go of values and gradients, and keeps shape and mask. Without a backing values are zero when next asked for, until others
     * are loaded. Plans traced before are stale afterwards.
     */
    public void release() {
        if (backing != null && changed && value != null) backing.write(value());
        changed = false;
        compressed = null;
        value = null;
        grad = null;
    }

    /** The values for one look: what is backed is released, and nothing else holds the array. */
    public float[] passing() {
        float[] values = value();
        if (backing != null) release();
        return values;
    }

    /**
     * The values from an entry on, for one look: all of them or, of a table that is backed, some of its rows.
     *
     * @param first 0, or where what an earlier call showed ends
     */
    public float[] passing(int first) {
        if (!away()) return first == 0 ? passing() : Arrays.copyOfRange(value(), first, size);
        int row = first / columns(), count = Math.min(rows() - row, Math.max(1, SHOWN / columns()));
        float[] shown = new float[count * columns()];
        rows(row, count, shown, 0);
        return shown;
    }

    /** Fills {@code into} from {@code at} on with {@code count} rows as they are now. Of a table that is backed no others are read. */
    public void rows(int first, int count, float[] into, int at) {
        if (away()) backing.rows(first, count, into, at);
        else System.arraycopy(value(), first * columns(), into, at, count * columns());
    }

    /** Whether it is a table that only files hold now. */
    private boolean away() {
        return kind == Kind.TABLE && backing != null && value == null;
    }

    /**
     * The gradient of the dense form as it is now, allocated at first use.
     *
     * @throws IllegalStateException if it was computed in a device's memory by a plan that is gone
     */
    public float[] grad() {
        if (grad == null) grad = new float[size];
        Residency.read(grad);
        return grad;
    }

    /** Lets go of the gradient, which may have gone with the plan that computed it. Plans traced before are stale afterwards. */
    public void releaseGradient() {
        grad = null;
        if (compressed != null) Residency.wrote(compressed.grad());
    }

    /** Which entries survive; null while nothing is pruned. */
    public Mask survivors() {
        return mask;
    }

    /** 1 where an entry survives, 0 where it is pruned, made anew by every call; null while nothing is pruned. */
    public float[] mask() {
        return mask == null ? null : mask.floats();
    }

    /**
     * {@link #survive} by an array of 0 and 1; null keeps everything.
     *
     * @throws IllegalArgumentException if the length differs or an entry is neither 0 nor 1
     */
    public void mask(float[] kept) {
        try {
            survive(kept == null ? null : Mask.of(kept));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }

    /**
     * Replaces the mask (null: keep everything) and zeroes what it prunes. Plans traced before are stale afterwards.
     *
     * @throws IllegalArgumentException if the length differs
     */
    public void survive(Mask kept) {
        if (kept != null && kept.size() != size)
            throw new IllegalArgumentException(name + " has " + size + " entries, the mask given has " + kept.size());
        if (compressed != null || backing != null) value();
        compressed = null;
        mask = kept;
        wrote();
    }

    /** How many entries survive. */
    public int kept() {
        return mask == null ? size : mask.kept();
    }

    /** The share of entries that survive. */
    public double density() {
        return kept() / (double) size;
    }

    /** The compressed form of a masked weight, made at first use; values and gradients live there from then on. */
    public Compressed compress() {
        if (mask == null) throw new IllegalStateException(name + " has no mask, so there is nothing to leave out");
        if (compressed == null) compressed = new Compressed(value(), mask, rows(), columns());
        return compressed;
    }

    /** The values an optimiser updates: the surviving ones of a compressed weight, else all. */
    public float[] trainedValue() {
        if (compressed == null) return value();
        Residency.read(compressed.values());
        return compressed.values();
    }

    /** The gradients that belong to {@link #trainedValue()}. */
    public float[] trainedGrad() {
        if (compressed == null) return grad();
        Residency.read(compressed.grad());
        return compressed.grad();
    }

    /** The mask an optimiser has to respect: none for compressed weights, which hold survivors only. */
    public Mask trainedMask() {
        return compressed != null ? null : mask;
    }

    /** Keeps the given rows or columns only, after the axis was cut; see {@link Surgery}. */
    void retain(int[] positions, boolean alongRows, int rowsBefore, int columnsBefore) {
        value();
        compressed = null;
        grad = null;
        value = select(value, positions, alongRows, rowsBefore, columnsBefore);
        size = value.length;
        changed = true;
        if (mask != null) mask = Mask.of(select(mask.floats(), positions, alongRows, rowsBefore, columnsBefore));
    }

    private static float[] select(float[] from, int[] positions, boolean alongRows, int rows, int columns) {
        float[] to = new float[alongRows ? positions.length * columns : rows * positions.length];
        if (alongRows) {
            for (int i = 0; i < positions.length; i++)
                System.arraycopy(from, positions[i] * columns, to, i * columns, columns);
        } else {
            for (int r = 0; r < rows; r++)
                for (int i = 0; i < positions.length; i++)
                    to[r * positions.length + i] = from[r * columns + positions[i]];
        }
        return to;
    }

    @Override
    public String toString() {
        return name + Arrays.toString(shape());
    }
}
