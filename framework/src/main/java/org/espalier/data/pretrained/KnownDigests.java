package org.espalier.data.pretrained;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.espalier.data.fetch.DatasetManifest;
import org.espalier.data.file.Digest;

/** Digests of files: those a dataset's manifest demanded when it put them into the cache, or else read from the files. */
final class KnownDigests {
    private KnownDigests() {}

    /** SHA-256 over the names and digests of {@code files}, in their order. */
    static String of(List<Path> files) throws IOException {
        StringBuilder all = new StringBuilder();
        for (Path file : files) {
            Optional<Digest> known = demanded(file);
            Digest digest = known.isPresent() ? known.get() : Digest.of(file);
            all.append(file.getFileName()).append(' ').append(digest.sha256()).append('\n');
        }
        return Digest.of(all.toString()).sha256();
    }

    /** What {@code datasets/<name>/dataset.yaml} says of a file in {@code datasets/cache/<name>}. */
    private static Optional<Digest> demanded(Path file) throws IOException {
        Path folder = file.toAbsolutePath().normalize().getParent();
        Path cache = folder.getParent();
        if (cache == null || !cache.endsWith("cache") || cache.getParent() == null) {
            return Optional.empty();
        }
        Path manifest = cache.resolveSibling(folder.getFileName()).resolve("dataset.yaml");
        if (!Files.isRegularFile(manifest)) {
            return Optional.empty();
        }
        long bytes = Files.size(file);
        return DatasetManifest.read(manifest).files().stream()
                .filter(known -> known.name().equals(file.getFileName().toString()) && known.bytes() == bytes)
                .map(DatasetManifest.DataFile::digest)
                .findFirst();
    }
}
