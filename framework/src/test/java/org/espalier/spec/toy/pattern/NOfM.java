package org.espalier.spec.toy.pattern;

import java.util.Optional;
import org.espalier.spec.toy.ToyPattern;

public record NOfM(Optional<Integer> keep, int of) implements ToyPattern {}
