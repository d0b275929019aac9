package org.espalier.track;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A folder of artifacts on this machine. */
record ArtifactFolder(Path folder) {
    /** Copies a file to its place, unless it is there already; readers see the old file or the new one. */
    void add(String name, Path file) throws IOException {
        Path target = folder.resolve(ArtifactName.check(name)).normalize();
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException(file + " is not there to be kept as artifact " + name);
        }
        if (Files.exists(target) && Files.isSameFile(target, file)) {
            return;
        }
        Files.createDirectories(target.getParent());
        if (!target.getParent().toRealPath().startsWith(folder.toRealPath())) {
            throw new IllegalArgumentException("artifact " + name + " would lie outside " + folder);
        }
        Path part = Files.createTempFile(target.getParent(), ".artifact", ".part");
        try {
            Files.copy(file, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
