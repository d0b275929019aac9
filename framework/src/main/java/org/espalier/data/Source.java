package org.espalier.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.espalier.data.text.Tokenizer;
import org.espalier.spec.Family;

/** Where examples come from; its components are its parameters in a spec. */
@Family("data.source")
public interface Source {
    /** The shape of its examples, known without opening anything; 0 classes where its model's tokenizer decides. */
    Dataset.Shape form();

    /** How many examples this part has, known without opening anything; 0 where only opening it tells. */
    int examples();

    /**
     * About how many examples this part has, where {@link #examples} does not say and the size of a text lets one guess; for plans only.
     *
     * @param datasets the folder {@code datasets} of the project
     */
    default OptionalLong about(Path datasets) {
        return OptionalLong.empty();
    }

    /**
     * Opens the data, fetching it first if it is not there yet.
     *
     * @param datasets the folder {@code datasets} of the project
     * @throws IOException if the data cannot be had, or is not what its manifest says
     */
    Dataset open(Path datasets) throws IOException;

    /**
     * Opens the data for a model that brings its own tokenizer; only text needs one.
     *
     * @param tokenizer asked only where there is text to cut
     * @throws IOException as in {@link #open(Path)}
     */
    default Dataset open(Path datasets, Supplier<Tokenizer> tokenizer) throws IOException {
        return open(datasets);
    }
}
