package org.espalier.launch;

import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;

/**
 * How many groups of work items a tuned kernel runs in, in one dimension.
 *
 * @param count groups
 * @param items work items of each
 */
public record WorkGroups(int count, int items) {
    public WorkGroups {
        if (count < 1 || items < 1) throw new IllegalArgumentException(count + " groups of " + items + " work items");
        Math.multiplyExact(count, items);
    }

    WorkerGrid grid() {
        WorkerGrid grid = new WorkerGrid1D(count * items);
        grid.setLocalWork(items, 1, 1);
        return grid;
    }
}
