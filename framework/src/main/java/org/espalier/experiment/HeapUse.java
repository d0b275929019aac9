package org.espalier.experiment;

import org.espalier.engine.Parameter;
import org.espalier.models.Model;

/** What a training holds on the heap, found by asking the garbage collector before it begins and once while it goes on. */
final class HeapUse {
    private final Model model;
    private long before;
    private long during = -1;

    HeapUse(Model model) {
        this.model = model;
    }

    void before() {
        before = alive();
    }

    /** Whether it was not looked at yet. */
    boolean due() {
        return during < 0;
    }

    void during() {
        during = alive();
    }

    /** What has come since before the training, and the weights, which were there before. */
    long bytes() {
        long weights = 0;
        for (Parameter p : model.parameters()) weights += (long) Float.BYTES * p.size();
        return during < 0 ? -1 : during - before + weights;
    }

    private static long alive() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
