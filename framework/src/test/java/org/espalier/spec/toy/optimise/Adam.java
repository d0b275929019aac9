package org.espalier.spec.toy.optimise;

import java.util.List;
import org.espalier.spec.Default;
import org.espalier.spec.toy.ToyOptimiser;

public record Adam(
        @Default("1e-3") double rate,
        @Default("[0.9, 0.999]") List<Double> betas,
        @Default("1e-8") double epsilon) implements ToyOptimiser {}
