package org.espalier.spec.toy.score;

import org.espalier.spec.Default;
import org.espalier.spec.toy.ToyScore;

public record Gblm(
        @Default("100") double alpha, @Default("false") boolean squared) implements ToyScore {}
