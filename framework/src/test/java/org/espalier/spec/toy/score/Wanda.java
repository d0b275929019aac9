package org.espalier.spec.toy.score;

import org.espalier.spec.Paper;
import org.espalier.spec.Revision;
import org.espalier.spec.toy.ToyScore;

@Paper(title = "A Simple and Effective Pruning Approach", year = 2024, id = "2306.11695", tags = "activation")
@Revision(2)
public record Wanda() implements ToyScore {}
