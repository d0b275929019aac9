package org.espalier.spec.toy.allocate;

import org.espalier.spec.toy.ToyAllocator;

public record Uniform() implements ToyAllocator {}
