package org.espalier.data.fetch;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.espalier.data.file.Digest;
import org.espalier.spec.Binder;
import org.espalier.spec.SpecException;
import org.espalier.spec.Yaml;

/**
 * What {@code datasets/<name>/dataset.yaml} says: where data comes from, which files it has, and ways to get them.
 *
 * @param title its name in full
 * @param origin who made it, and where it was published
 * @param licence under which it may be used
 * @param scaling what happens to the values when they are read
 * @param files the files as they lie in the cache
 * @param ways tried in this order
 */
public record DatasetManifest(
        String title, String origin, String licence, String scaling, List<DataFile> files, List<Way> ways) {
    public DatasetManifest {
        files = List.copyOf(files);
        ways = List.copyOf(ways);
        Set<String> names = new HashSet<>();
        for (DataFile file : files) {
            if (!names.add(file.name)) {
                throw new IllegalArgumentException("files has '" + file.name + "' twice");
            }
        }
    }

    /**
     * A file of the dataset.
     *
     * @param name in the cache, without a folder
     * @param bytes its length
     * @param sha256 of its content, in lower-case hexadecimal
     */
    public record DataFile(String name, long bytes, String sha256) {
        public DataFile {
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
                throw new IllegalArgumentException("name must be a plain file name, not '" + name + "'");
            }
            if (bytes < 0) {
                throw new IllegalArgumentException("bytes must not be negative");
            }
            if (!sha256.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException("sha256 must have 64 lower-case hexadecimal digits");
            }
        }

        /** What the file must have. */
        public Digest digest() {
            return new Digest(bytes, sha256);
        }
    }

    /**
     * Reads a manifest.
     *
     * @throws SpecException at the place where it is wrong
     */
    public static DatasetManifest read(Path file) {
        return Binder.bind(DatasetManifest.class, Yaml.read(file));
    }
}
