package org.espalier.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.espalier.data.fetch.DatasetManifest;

/** A dataset that the project knows, and whether its files are on this machine. */
record DatasetStatus(String name, String title, String licence, long bytes, boolean here) {
    /** All of {@code datasets/<name>/dataset.yaml}. */
    static List<DatasetStatus> all(Path datasets) throws IOException {
        if (!Files.isDirectory(datasets)) return List.of();
        List<Path> manifests;
        try (Stream<Path> folders = Files.list(datasets)) {
            manifests = folders.map(folder -> folder.resolve("dataset.yaml"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
        List<DatasetStatus> all = new ArrayList<>();
        for (Path manifest : manifests) all.add(of(datasets, manifest));
        return all;
    }

    private static DatasetStatus of(Path datasets, Path file) {
        DatasetManifest manifest = DatasetManifest.read(file);
        String name = file.getParent().getFileName().toString();
        Path cache = datasets.resolve("cache").resolve(name);
        return new DatasetStatus(
                name,
                manifest.title(),
                manifest.licence(),
                manifest.files().stream()
                        .mapToLong(DatasetManifest.DataFile::bytes)
                        .sum(),
                manifest.files().stream().allMatch(each -> Files.isRegularFile(cache.resolve(each.name()))));
    }
}
