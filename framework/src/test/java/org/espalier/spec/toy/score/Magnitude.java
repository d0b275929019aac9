package org.espalier.spec.toy.score;

import org.espalier.spec.toy.ToyScore;

public record Magnitude() implements ToyScore {}
