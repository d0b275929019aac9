package org.espalier.data.fetch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.espalier.data.fetch.DatasetManifest.DataFile;
import org.espalier.data.file.Digest;

/** A dataset's place in the cache, and what its files must be. */
public record CachedDataset(String name, Path folder, DatasetManifest manifest) {
    /** The files that are not there. */
    List<DataFile> missing() {
        return manifest.files().stream()
                .filter(file -> !Files.isRegularFile(folder.resolve(file.name())))
                .toList();
    }

    /** Refuses a file whose content is not what the manifest demands. */
    public void check(String file, Digest found) throws IOException {
        DataFile wanted = manifest.files().stream()
                .filter(candidate -> candidate.name().equals(file))
                .findFirst()
                .orElseThrow(() -> new IOException("dataset.yaml of " + name + " has no file '" + file + "'"));
        if (!found.equals(wanted.digest())) {
            throw new IOException(folder.resolve(file) + " has " + found + ", but should have " + wanted.digest()
                    + "; remove it to have it fetched again");
        }
    }

    /** Reads all files and compares them with the manifest. */
    public void check() throws IOException {
        for (DataFile file : manifest.files()) {
            check(file.name(), Digest.of(folder.resolve(file.name())));
        }
    }

    /** What to say when no way led to the files. */
    String advice(List<String> tried) {
        List<String> lines = new ArrayList<>();
        lines.add("the files of " + name + " could not be fetched:");
        tried.forEach(way -> lines.add("  " + way));
        lines.add("put them into " + folder + " by hand, as they are or with .gz:");
        missing().forEach(file -> lines.add("  " + file.name() + " (" + file.digest() + ")"));
        lines.add("  from " + manifest.origin());
        return String.join(System.lineSeparator(), lines);
    }
}
