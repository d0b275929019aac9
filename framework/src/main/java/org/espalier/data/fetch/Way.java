package org.espalier.data.fetch;

import java.io.IOException;
import java.nio.file.Path;
import org.espalier.spec.Family;

/** A way to get the files of a dataset: a package, and the client that its users have anyway. */
@Family("data.fetch")
public interface Way {
    /** What it is, for messages: the client's kind of package, its name, its version. */
    String title();

    /** The folder inside the package that holds the files. */
    String folder();

    /** What follows a file's name inside the package: {@code .gz} where files are packed one by one, else nothing. */
    String suffix();

    /**
     * Downloads the package and hands its content to {@code reader}: an uncompressed tar stream, or file by file.
     *
     * @param work an empty folder, removed afterwards
     * @throws IOException if the client is missing or fails; the message says what to do about it
     */
    void bring(Shell shell, Path work, TarReader reader) throws IOException;

    /** Refuses package names and versions that a client could take for an option or an address. */
    static String plain(String component, String text) {
        if (!text.matches("[A-Za-z0-9][A-Za-z0-9.+~_-]*")) {
            throw new IllegalArgumentException(component + " must be a plain name, not '" + text + "'");
        }
        return text;
    }
}
