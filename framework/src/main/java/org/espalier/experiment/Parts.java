package org.espalier.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.espalier.data.Dataset;
import org.espalier.data.Source;
import org.espalier.data.text.Tokenizer;

/** The parts of the data, opened when they are first needed, and what was selected from them. */
final class Parts {
    private final Map<String, Source> sources;
    private final Path datasets;
    private final Supplier<Tokenizer> tokenizer;
    private final Map<String, Dataset> open = new LinkedHashMap<>();

    Parts(Map<String, Source> sources, Path datasets, Supplier<Tokenizer> tokenizer) {
        this.sources = sources;
        this.datasets = datasets;
        this.tokenizer = tokenizer;
    }

    /** The same parts for one seed, which will name selections of its own. */
    Parts ofSeed() {
        Parts own = new Parts(sources, datasets, tokenizer);
        own.open.putAll(open);
        return own;
    }

    /** Gives a selection its name. */
    void name(String name, Dataset selected) {
        open.put(name, selected);
    }

    Dataset get(String name) throws IOException {
        Dataset known = open.get(name);
        if (known == null) open.put(name, known = sources.get(name).open(datasets, tokenizer));
        return known;
    }

    /** The folder that data is fetched into. */
    Path datasets() {
        return datasets;
    }

    /** What cuts text for the model. */
    Supplier<Tokenizer> tokenizer() {
        return tokenizer;
    }

    /** All parts, opened. */
    Map<String, Dataset> all() throws IOException {
        for (String name : sources.keySet()) get(name);
        return open;
    }
}
