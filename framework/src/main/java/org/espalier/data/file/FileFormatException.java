package org.espalier.data.file;

import java.io.IOException;
import java.nio.file.Path;

/** A file that is not what it claims to be: the message names the file, the place where it goes wrong and why. */
public final class FileFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Path file;
    private final long offset;

    /**
     * @param offset the byte at which the file stops making sense
     * @param problem what is wrong there, in one sentence
     */
    public FileFormatException(Path file, long offset, String problem) {
        super(file + ", byte " + offset + ": " + problem);
        this.file = file;
        this.offset = offset;
    }

    /**
     * For files of which the reader knows no byte but a place.
     *
     * @param place such as {@code key 'hidden_size'} or {@code line 12}
     */
    public FileFormatException(Path file, String place, String problem) {
        super(file + ", " + place + ": " + problem);
        this.file = file;
        this.offset = 0;
    }

    public Path file() {
        return file;
    }

    public long offset() {
        return offset;
    }
}
