package org.espalier.spec.toy.allocate;

import org.espalier.spec.Default;
import org.espalier.spec.toy.ToyAllocator;

public record Owl(
        @Default("0.08") double lambda, @Default("5") int multiple) implements ToyAllocator {}
