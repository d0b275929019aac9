package org.espalier.spec.toy.allocate;

import java.util.Map;
import org.espalier.spec.toy.ToyAllocator;

public record PerLayer(Map<String, Double> rates) implements ToyAllocator {}
