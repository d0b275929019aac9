package org.espalier.models;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.espalier.data.text.Tokenizer;
import org.espalier.spec.Family;

/** A kind of network as a spec names it, with its parameters. */
@Family("models.zoo")
public interface Zoo {
    /**
     * Where files are looked for.
     *
     * @param specs the folder of the spec that names them
     * @param datasets the folder {@code datasets} of the project
     */
    record Places(Path specs, Path datasets) {}

    /**
     * Builds the network with freshly drawn weights; another seed is a re-initialisation.
     *
     * @param input the shape of one example, {@code (features)}, {@code (channels, height, width)} or {@code (tokens)}
     * @param classes number of classes; 0 where the network knows
     * @throws IllegalArgumentException if the network has no form for such inputs
     */
    Model build(int[] input, int classes, long seed);

    /** The network for those who only look at its form: its weights may be anything. */
    default Model outline(Places places, int[] input, int classes) throws IOException {
        return build(input, classes, 0);
    }

    /** The network as an experiment starts with it: built anew, unless files hold its weights. */
    default Model open(Places places, int[] input, int classes, long seed) throws IOException {
        return build(input, classes, seed);
    }

    /** SHA-256, in hexadecimal, of the files that hold its weights. */
    default Optional<String> digest(Places places) throws IOException {
        return Optional.empty();
    }

    /** Which language model it is, if it is one: a form that files can have. */
    default Optional<Decoder> decoder(Places places) throws IOException {
        return Optional.empty();
    }

    /** The vocabulary that comes with the network's files. */
    default Optional<Tokenizer> tokenizer(Places places) throws IOException {
        return Optional.empty();
    }
}
