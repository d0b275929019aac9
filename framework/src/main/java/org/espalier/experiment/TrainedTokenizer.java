package org.espalier.experiment;

import java.io.IOException;
import java.nio.file.Path;
import org.espalier.data.Corpus;
import org.espalier.data.text.BytePairs;
import org.espalier.data.text.Tokenizer;
import org.espalier.spec.Default;

/**
 * A byte-level BPE vocabulary made from a text, for a language model that has none yet.
 *
 * @param size number of tokens, two special ones among them
 * @param of the text
 */
public record TrainedTokenizer(@Default("4096") int size, Corpus of) {
    public TrainedTokenizer {
        if (size < 260) throw new IllegalArgumentException("size must be at least 260, got " + size);
    }

    Tokenizer train(Path datasets) throws IOException {
        return BytePairs.train(of.open(datasets).joined(), size);
    }
}
