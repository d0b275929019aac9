package org.espalier.data.select;

import java.util.BitSet;

/** The k largest of many values that come one by one; of equal ones, those that came first. Memory grows with k alone. */
final class Largest {
    private final double[] values;
    private final int[] ids;
    private int size;

    Largest(int k) {
        values = new double[k];
        ids = new int[k];
    }

    /** @param id larger than those before it */
    void add(int id, double value) {
        if (size < values.length) {
            int i = size++;
            while (i > 0 && before(value, id, (i - 1) / 2)) {
                move((i - 1) / 2, i);
                i = (i - 1) / 2;
            }
            put(i, id, value);
        } else if (value > values[0]) {
            sink(id, value);
        }
    }

    /** Replaces the least one, which is the first. */
    private void sink(int id, double value) {
        int i = 0;
        while (2 * i + 1 < size) {
            int child = 2 * i + 1;
            if (child + 1 < size && before(values[child + 1], ids[child + 1], child)) {
                child++;
            }
            if (before(value, id, child)) {
                break;
            }
            move(child, i);
            i = child;
        }
        put(i, id, value);
    }

    /** Whether a value leaves before the one at {@code i}: it is smaller, or it came later. */
    private boolean before(double value, int id, int i) {
        return value < values[i] || value == values[i] && id > ids[i];
    }

    private void move(int from, int to) {
        put(to, ids[from], values[from]);
    }

    private void put(int i, int id, double value) {
        ids[i] = id;
        values[i] = value;
    }

    BitSet ids() {
        BitSet set = new BitSet();
        for (int i = 0; i < size; i++) {
            set.set(ids[i]);
        }
        return set;
    }
}
