package org.espalier.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.espalier.spec.Family;

/** Where text comes from; its components are its parameters in a spec. */
@Family("data.corpus")
public interface Corpus {
    /**
     * Reads the text, fetching it first if it is not there yet.
     *
     * @param datasets the folder {@code datasets} of the project
     * @throws IOException if the text cannot be had, or is not what it should be; the message names the file and the line
     */
    Text open(Path datasets) throws IOException;

    /**
     * About how many characters it has, as far as that is known without reading it; for plans only.
     *
     * @param datasets the folder {@code datasets} of the project
     */
    default OptionalLong characters(Path datasets) {
        return OptionalLong.empty();
    }
}
