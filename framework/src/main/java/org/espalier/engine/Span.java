package org.espalier.engine;

/**
 * How an axis lies along a dimension: each of its entries covers {@code inner} consecutive positions. A convolution's
 * input channel covers kernel height × width columns of its weight matrix; a channel covers height × width features after
 * flattening.
 */
public record Span(Axis axis, int inner) {
    public Span {
        if (inner < 1) throw new IllegalArgumentException("a span needs at least one position per entry, got " + inner);
    }

    public static Span of(Axis axis) {
        return new Span(axis, 1);
    }

    /** The length of the dimension. */
    public int length() {
        return axis.size() * inner;
    }

    /** The same axis with every entry covering {@code times} as many positions. */
    public Span spread(int times) {
        return new Span(axis, inner * times);
    }

    /** Says that two dimensions are one. */
    public void join(Span other) {
        if (inner != other.inner && length() == other.length() && (axis.pinned() || other.axis.pinned())) {
            // An input without inner structure meets one with it: neither can be cut, so nothing has to be tied.
            axis.pin();
            other.axis.pin();
            return;
        }
        if (inner != other.inner)
            throw new IllegalArgumentException(
                    axis + " covers " + inner + " positions each, " + other.axis + " " + other.inner);
        axis.join(other.axis);
    }
}
