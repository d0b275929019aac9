package org.espalier.spec.toy.score;

/** In the folder, but not of the family; whoever initialises it has gone too far. */
public record NotAScore() {
    static {
        if (true) throw new AssertionError("initialised");
    }
}
