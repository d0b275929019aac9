package org.espalier.engine;

/**
 * A dimension whose entries belong together wherever it occurs: the outputs of one layer and the inputs of the next.
 * Ops join axes while a network is traced (union–find), so that after one trace the parameter dimensions on one axis are
 * exactly what has to be cut together. Inputs and outputs of a network are pinned: they can't be cut.
 */
public final class Axis {
    private final String name;
    private int size;
    private boolean pinned;
    private Axis parent;

    private Axis(String name, int size) {
        if (size < 1) throw new IllegalArgumentException(name + ": an axis needs at least one entry, got " + size);
        this.name = name;
        this.size = size;
    }

    public static Axis of(String name, int size) {
        return new Axis(name, size);
    }

    /** The representative of all axes joined with this one. */
    public Axis root() {
        Axis axis = this;
        while (axis.parent != null) axis = axis.parent;
        if (axis != this) parent = axis;
        return axis;
    }

    /** Says that this axis and {@code other} are one. */
    public void join(Axis other) {
        Axis a = root();
        Axis b = other.root();
        if (a == b) return;
        if (a.size != b.size)
            throw new IllegalArgumentException(
                    "axis " + a.name + " has " + a.size + " entries, " + b.name + " has " + b.size);
        b.parent = a;
        a.pinned |= b.pinned;
    }

    /** Forbids cutting: an input or output of the network. */
    public Axis pin() {
        root().pinned = true;
        return this;
    }

    public boolean pinned() {
        return root().pinned;
    }

    public String name() {
        return root().name;
    }

    public int size() {
        return root().size;
    }

    /** Shrinks the axis after a cut. Only {@link Surgery} may know when that is right. */
    void resize(int entries) {
        root().size = entries;
    }

    @Override
    public String toString() {
        return name() + "[" + size() + "]";
    }
}
