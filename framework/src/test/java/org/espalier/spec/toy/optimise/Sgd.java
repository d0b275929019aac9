package org.espalier.spec.toy.optimise;

import org.espalier.spec.Default;
import org.espalier.spec.toy.ToyOptimiser;

public record Sgd(
        double rate,
        @Default("0.9") double momentum,
        @Default("false") boolean nesterov) implements ToyOptimiser {}
