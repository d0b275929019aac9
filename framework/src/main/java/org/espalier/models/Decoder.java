package org.espalier.models;

import java.util.Optional;

/** A kind of language model: one whose network can also be had before its weights are, since files may hold them. */
public interface Decoder extends Zoo {
    /**
     * The network, its weights not drawn yet: their arrays do not exist before somebody asks for them.
     *
     * @param length tokens of a sequence where nobody says otherwise
     */
    LanguageModel network(int length);

    /** How its weights are drawn where no file has them. */
    Init init();

    @Override
    default Model outline(Places places, int[] input, int classes) {
        check(input);
        return network(input[0]);
    }

    @Override
    default Model build(int[] input, int classes, long seed) {
        check(input);
        return network(input[0]).initialised(init(), seed);
    }

    @Override
    default Optional<Decoder> decoder(Places places) {
        return Optional.of(this);
    }

    private static void check(int[] input) {
        if (input.length != 1)
            throw new IllegalArgumentException(
                    "a language model takes sequences of tokens, not examples of " + input.length + " dimensions");
    }
}
