package org.espalier.data.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.espalier.data.fetch.DatasetManifest.DataFile;
import org.espalier.data.file.Digest;
import org.espalier.data.file.DurableFile;

/** Files on their way into the cache: gathered and checked in a folder of their own, then handed over whole. */
final class Delivery {
    private final Path folder;
    private final List<DataFile> arrived = new ArrayList<>();

    /** @param beside the delivery is made in a temporary folder in here */
    Delivery(Path beside) throws IOException {
        folder = DurableFile.temporaryFolder(beside);
    }

    /** Takes {@code wanted} out of the package that {@code way} downloads. */
    void bring(Way way, Shell shell, List<DataFile> wanted) throws IOException {
        Map<String, TarReader.Sink> sinks = new HashMap<>();
        for (DataFile file : wanted) {
            sinks.put(
                    way.folder() + "/" + file.name() + way.suffix(),
                    (content, bytes) -> receive(file, way.suffix(), content, bytes));
        }
        TarReader reader = new TarReader(sinks);
        way.bring(shell, Files.createDirectory(folder.resolve("work")), reader);
        for (String name : sinks.keySet()) {
            if (!reader.seen().contains(name)) {
                throw new IOException("it holds no " + name);
            }
        }
    }

    private void receive(DataFile file, String suffix, InputStream content, long bytes) throws IOException {
        if (bytes > file.bytes() + (1 << 20)) {
            throw new IOException(file.name() + suffix + " is too large: " + bytes + " bytes");
        }
        Path target = folder.resolve(file.name() + suffix);
        Files.copy(content, target);
        if (suffix.equals(".gz")) {
            unpack(file, target);
        } else {
            check(file);
        }
    }

    /** Unpacks {@code packed} to what {@code file} demands. */
    void unpack(DataFile file, Path packed) throws IOException {
        try (OutputStream out = Files.newOutputStream(folder.resolve(file.name()))) {
            Gunzip.unpack(packed, out, file.bytes());
        }
        check(file);
    }

    private void check(DataFile file) throws IOException {
        Digest found = Digest.of(folder.resolve(file.name()));
        if (!found.equals(file.digest())) {
            throw new IOException(file.name() + " has " + found + ", but should have " + file.digest());
        }
        arrived.add(file);
    }

    /** Moves what arrived into {@code cache}, each file in one step. */
    void hand(Path cache) throws IOException {
        for (DataFile file : arrived) {
            DurableFile.move(folder.resolve(file.name()), cache.resolve(file.name()));
        }
    }

    /** Removes what is left of the delivery. */
    void discard() throws IOException {
        DurableFile.deleteTree(folder);
    }
}
