package org.espalier.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.espalier.data.Dataset;
import org.espalier.data.Source;

/** The parts of the data, opened when they are first needed. */
final class Parts {
    private final Map<String, Source> sources;
    private final Path datasets;
    private final Map<String, Dataset> open = new LinkedHashMap<>();

    Parts(Map<String, Source> sources, Path datasets) {
        this.sources = sources;
        this.datasets = datasets;
    }

    Dataset get(String name) throws IOException {
        Dataset known = open.get(name);
        if (known == null) open.put(name, known = sources.get(name).open(datasets));
        return known;
    }

    /** All parts, opened. */
    Map<String, Dataset> all() throws IOException {
        for (String name : sources.keySet()) get(name);
        return open;
    }
}
