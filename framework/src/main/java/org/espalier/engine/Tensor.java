package org.espalier.engine;

import java.util.Arrays;

/**
 * An activation of a traced network: a batch of examples, each of {@code shape} (features, or channels × height × width).
 * It owns its array; its gradient is allocated when the first op asks for it.
 */
public final class Tensor {
    private final String name;
    private final int batch;
    private final int[] shape;
    private final Layout layout;
    private final Span span;
    private final boolean differentiable;
    private final int size;
    private final Graph.Memory memory;
    private final float[] value;
    private float[] grad;
    private Tensor successor;

    /**
     * @param span the axis along the first dimension of {@code shape}
     * @param differentiable whether a gradient has to flow through it
     * @param memory where its arrays come from
     */
    Tensor(String name, int batch, int[] shape, Layout layout, Span span, boolean differentiable, Graph.Memory memory) {
        this(name, batch, shape, layout, span, differentiable, memory, null);
    }

    private Tensor(
            String name,
            int batch,
            int[] shape,
            Layout layout,
            Span span,
            boolean differentiable,
            Graph.Memory memory,
            float[] value) {
        this.name = name;
        this.batch = batch;
        this.shape = shape.clone();
        this.layout = layout;
        this.span = span;
        this.differentiable = differentiable;
        this.memory = memory;
        long numbers = batch;
        for (int d : shape) numbers *= d;
        if (numbers > Integer.MAX_VALUE - 8)
            throw new IllegalArgumentException(
                    name + " would have " + numbers + " elements; an array holds at most 2^31");
        if (span.length() != shape[0])
            throw new IllegalArgumentException(
                    name + ": " + span.axis() + " does not cover " + shape[0] + " positions");
        this.size = (int) numbers;
        this.value = value != null ? value : memory.array(size);
    }

    /** One that takes this one's place: its values lie in the same array, and a gradient of one is a gradient of both. */
    Tensor successor(String name, boolean differentiable) {
        Tensor next = new Tensor(name, batch, shape, layout, span, differentiable, memory, value);
        successor = next;
        return next;
    }

    public String name() {
        return name;
    }

    public int batch() {
        return batch;
    }

    /** The shape of one example. */
    public int[] shape() {
        return shape.clone();
    }

    public Layout layout() {
        return layout;
    }

    public Span span() {
        return span;
    }

    public boolean differentiable() {
        return differentiable;
    }

    /** Numbers per example. */
    public int features() {
        return batch == 0 ? 0 : size / batch;
    }

    public int size() {
        return size;
    }

    /** Distance between neighbouring features of one example. */
    public int featureStride() {
        return layout == Layout.ROWS ? 1 : batch;
    }

    /** Distance between neighbouring examples of one feature. */
    public int exampleStride() {
        return layout == Layout.ROWS ? features() : 1;
    }

    public float[] value() {
        return value;
    }

    public float[] grad() {
        if (!differentiable) throw new IllegalStateException(name + " has no gradient");
        if (successor != null) return successor.grad();
        if (grad == null) grad = memory.array(size);
        return grad;
    }

    /** Makes the gradient of {@code other}, which stands for the same values, this tensor's own. */
    void sharesGradient(Tensor other) {
        grad = other.grad();
    }

    @Override
    public String toString() {
        return name + "(" + batch + " × " + Arrays.toString(shape) + ")";
    }
}
