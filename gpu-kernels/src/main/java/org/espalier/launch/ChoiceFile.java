package org.espalier.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Choices that outlive the process, so that a run that is repeated or resumed computes with the same kernels: a line for each, of a kernel
 * with a class of sizes, the kernel that is used, and what each took. Later lines count.
 */
final class ChoiceFile {
    private static final String SEPARATOR = "\t";

    private final Path file;
    private final Map<String, String> used = new HashMap<>();

    ChoiceFile(Path file) {
        this.file = file;
        try {
            for (String line : Files.readAllLines(file)) {
                String[] cells = line.split(SEPARATOR);
                if (cells.length == 3) used.put(cells[0], cells[1]); // a line of a process that was killed has fewer
            }
        } catch (NoSuchFileException e) {
            // nothing was chosen yet
        } catch (IOException e) {
            throw new UncheckedIOException("the kernels that were chosen before cannot be read", e);
        }
    }

    /** The kernel that was chosen before; null if none was. */
    String used(String key) {
        return used.get(key);
    }

    void add(String key, Choice choice) {
        String line = String.join(SEPARATOR, key, choice.used(), choice.nanoseconds() + " ns");
        try {
            if (file.getParent() != null) Files.createDirectories(file.getParent());
            Files.writeString(file, "\n" + line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("which kernels were chosen cannot be written down", e);
        }
    }
}
