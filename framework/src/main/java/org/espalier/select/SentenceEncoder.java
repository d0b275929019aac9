package org.espalier.select;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.espalier.data.fetch.CachedDataset;
import org.espalier.data.fetch.Fetch;
import org.espalier.data.pretrained.Checkpoint;
import org.espalier.data.text.Tokenizer;
import org.espalier.launch.Device;
import org.espalier.models.Encoder;
import org.espalier.models.pretrained.PretrainedModel;

/** Vectors of texts by an encoder from its files: texts of like meaning have vectors that lie close. */
public record SentenceEncoder(Encoder network, Tokenizer tokenizer) {
    /**
     * Reads an encoder.
     *
     * @param from the name of a dataset, fetched if it is not there yet, or a folder: absolute, or beginning with a point
     * @throws IOException if it cannot be had, or is no encoder with a vocabulary
     */
    public static SentenceEncoder open(String from, Path datasets) throws IOException {
        Path folder = from.startsWith("/") || from.startsWith(".") ? Path.of(from) : fetched(from, datasets);
        try (Checkpoint file = Checkpoint.open(folder)) {
            Tokenizer tokenizer = file.tokenizer()
                    .orElseThrow(() -> new IOException(folder + " has no tokenizer.json, so no text can be encoded"));
            return new SentenceEncoder(PretrainedModel.encoder(file), tokenizer);
        }
    }

    private static Path fetched(String name, Path datasets) throws IOException {
        CachedDataset dataset = new Fetch(datasets).cached(name);
        dataset.check();
        return dataset.folder();
    }

    /** Vectors of length 1. Of a text, at most so many tokens are looked at. */
    public float[][] embed(Device device, List<String> texts, int tokens) {
        return network.embed(device, tokenizer, texts, Math.min(tokens, network.context()), true);
    }
}
