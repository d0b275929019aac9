package org.espalier.methods.select;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.espalier.select.Candidates;
import org.espalier.select.Selection;
import org.espalier.select.Selector;

/** Everything: the control that selections are judged by. */
public record All() implements Selector {
    @Override
    public boolean needsKeep() {
        return false;
    }

    @Override
    public Selection select(Candidates pool) {
        int n = pool.data().size();
        double[] alike = new double[n];
        Arrays.fill(alike, 1);
        return new Selection(IntStream.range(0, n).toArray(), alike, "all of them");
    }
}
