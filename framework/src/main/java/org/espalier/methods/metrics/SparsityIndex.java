package org.espalier.methods.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.engine.Parameter;
import org.espalier.measure.Measurement;
import org.espalier.measure.Metric;
import org.espalier.prune.PqSum;
import org.espalier.spec.Default;
import org.espalier.spec.Paper;

/** The PQ index of the surviving weights, over the network and layer by layer: how unequal they are, and so how many could be spared. */
@Paper(title = "Pruning Deep Neural Networks from a Sparsity Perspective", year = 2023, id = "2302.05601")
public record SparsityIndex(
        @Default("0.5") double p, @Default("1") double q) implements Metric {
    public SparsityIndex {
        if (!(0 < p && p < q))
            throw new IllegalArgumentException("0 < p < q is needed, got p = " + p + " and q = " + q);
    }

    @Override
    public Map<String, Double> measure(Measurement of) {
        Map<String, Double> found = new LinkedHashMap<>();
        found.put("pq-index", PqSum.of(of.model().weights(), p, q).index());
        for (Parameter weight : of.model().weights())
            found.put(
                    "pq-index." + weight.layer(),
                    PqSum.of(List.of(weight), p, q).index());
        return found;
    }
}
