package org.espalier.data;

import java.io.IOException;
import java.nio.file.Path;
import org.espalier.spec.Family;

/** Where examples come from; its components are its parameters in a spec. */
@Family("data.source")
public interface Source {
    /** The shape of its examples, known without opening anything. */
    Dataset.Shape form();

    /** How many examples this part has, known without opening anything. */
    int examples();

    /**
     * Opens the data, fetching it first if it is not there yet.
     *
     * @param datasets the folder {@code datasets} of the project
     * @throws IOException if the data cannot be had, or is not what its manifest says
     */
    Dataset open(Path datasets) throws IOException;
}
