package org.espalier.data.fetch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.espalier.data.fetch.DatasetManifest.DataFile;
import org.espalier.data.file.DurableFile;

/**
 * Puts the files of a dataset into {@code datasets/cache/<name>}: from where a person has put them, or by the first way
 * of its manifest that works. A file comes into the cache only with the digest its manifest demands, and in one step;
 * any number of processes may ask at once.
 */
public final class Fetch {
    private final Path datasets;
    private final Shell shell;
    private final Consumer<String> listener;

    /** Fetches silently. */
    public Fetch(Path datasets) {
        this(datasets, Shell.system(), said -> {});
    }

    /**
     * @param datasets the folder that has {@code <name>/dataset.yaml}, and {@code cache}
     * @param shell runs the package clients
     * @param listener hears a line before each way that is tried
     */
    public Fetch(Path datasets, Shell shell, Consumer<String> listener) {
        this.datasets = datasets.toAbsolutePath().normalize();
        this.shell = shell;
        this.listener = listener;
    }

    /**
     * Makes sure that all files of a dataset are in the cache.
     *
     * @throws IOException if no way led to them; the message lists every way tried, and what to put where by hand
     */
    public CachedDataset cached(String name) throws IOException {
        Path manifestFile = datasets.resolve(name).resolve("dataset.yaml");
        if (!name.matches("[a-z0-9][a-z0-9._-]*") || !Files.isRegularFile(manifestFile)) {
            throw new IOException("no dataset is called '" + name + "': there is no " + manifestFile);
        }
        DatasetManifest manifest = DatasetManifest.read(manifestFile);
        CachedDataset cached = new CachedDataset(name, cache().resolve(name), manifest);
        if (!cached.missing().isEmpty()) {
            obtainAlone(cached);
        }
        return cached;
    }

    private Path cache() {
        return datasets.resolve("cache");
    }

    /** File locks are for processes; within this one, the class is the lock. */
    private void obtainAlone(CachedDataset cached) throws IOException {
        Files.createDirectories(cached.folder());
        synchronized (Fetch.class) {
            Path lockFile = cache().resolve(cached.name() + ".lock");
            try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                DurableFile.clean(cached.folder());
                takeUnpacked(cached);
                List<DataFile> missing = cached.missing();
                if (!missing.isEmpty() && lock.isValid()) {
                    obtain(cached, missing);
                }
            }
        }
    }

    /** Files that a person has put there as {@code .gz}. */
    private void takeUnpacked(CachedDataset cached) throws IOException {
        for (DataFile file : cached.missing()) {
            Path packed = cached.folder().resolve(file.name() + ".gz");
            if (Files.isRegularFile(packed)) {
                listener.accept("unpacking " + packed);
                Delivery delivery = new Delivery(cached.folder());
                try {
                    delivery.unpack(file, packed);
                    delivery.hand(cached.folder());
                } finally {
                    delivery.discard();
                }
            }
        }
    }

    private void obtain(CachedDataset cached, List<DataFile> missing) throws IOException {
        List<String> tried = new ArrayList<>();
        IOException failure = null;
        for (Way way : cached.manifest().ways()) {
            listener.accept("fetching " + cached.name() + ": " + way.title());
            Delivery delivery = new Delivery(cached.folder());
            try {
                delivery.bring(way, shell, missing);
                delivery.hand(cached.folder());
                return;
            } catch (IOException e) {
                tried.add(way.title() + ": " + e.getMessage());
                failure = e;
            } finally {
                delivery.discard();
            }
        }
        throw new IOException(cached.advice(tried), failure);
    }
}
