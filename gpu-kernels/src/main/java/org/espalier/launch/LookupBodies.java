package org.espalier.launch;

import static org.espalier.launch.Lanes.LENGTH;
import static org.espalier.launch.Lanes.S;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.espalier.kernels.Lookup;

/** Vector bodies of {@link Lookup}, with the kernels' bits. They refuse ids that the table does not have. */
public final class LookupBodies {
    private LookupBodies() {}

    /** {@link Lookup#forward}. */
    public static void forward(float[] y, float[] ids, float[] table, int width, float factor, int first, int count) {
        int rows = table.length / width;
        for (int i = first; i < first + count; i++) {
            int from = row(ids[i], rows) * width, to = i * width, j = 0;
            for (; j + LENGTH <= width; j += LENGTH)
                FloatVector.fromArray(S, table, from + j).mul(factor).intoArray(y, to + j);
            for (; j < width; j++) y[to + j] = factor * table[from + j];
        }
    }

    /**
     * The number of the row that an id names.
     *
     * @throws IllegalArgumentException if the table has no such row
     */
    public static int row(float id, int rows) {
        if (!(id >= 0 && id < rows) || id != (int) id)
            throw new IllegalArgumentException("token " + id + " is none of the " + rows + " rows of the table");
        return (int) id;
    }

    /** {@link Lookup#grad}. */
    public static void grad(
            float[] dtable,
            float[] dy,
            float[] ids,
            int n,
            int rows,
            int width,
            float factor,
            int keep,
            int first,
            int count) {
        for (int r = 0; r < rows && keep == 0; r++)
            Arrays.fill(dtable, r * width + first, r * width + first + count, 0f);
        int end = first + count;
        for (int e = 0; e < n; e++) {
            int to = (int) ids[e] * width, from = e * width, j = first;
            for (; j + LENGTH <= end; j += LENGTH)
                FloatVector.fromArray(S, dtable, to + j)
                        .add(FloatVector.fromArray(S, dy, from + j).mul(factor))
                        .intoArray(dtable, to + j);
            for (; j < end; j++) dtable[to + j] = dtable[to + j] + factor * dy[from + j];
        }
    }
}
