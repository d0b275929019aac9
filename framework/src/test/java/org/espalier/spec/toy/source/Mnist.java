package org.espalier.spec.toy.source;

import org.espalier.spec.Default;
import org.espalier.spec.toy.ToySource;

public record Mnist(
        @Default("train") Part part, @Default("0") int holdout) implements ToySource {
    public enum Part {
        TRAIN,
        HOLDOUT,
        TEST
    }

    public Mnist {
        if (holdout < 0 || holdout > 60_000)
            throw new IllegalArgumentException("holdout must be 0 to 60000, not " + holdout);
    }
}
