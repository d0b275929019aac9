package org.espalier.models.zoo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.espalier.data.fetch.CachedDataset;
import org.espalier.data.fetch.Fetch;
import org.espalier.data.file.FileFormatException;
import org.espalier.data.pretrained.Checkpoint;
import org.espalier.data.text.Tokenizer;
import org.espalier.models.Decoder;
import org.espalier.models.Model;
import org.espalier.models.Zoo;
import org.espalier.models.pretrained.PretrainedModel;
import org.espalier.models.pretrained.StreamedModel;
import org.espalier.spec.Default;
import org.espalier.spec.Presentation;

/**
 * A language model from its files: one of those in {@code datasets}, fetched if it is not there yet, or a Hugging Face folder or
 * GGUF file of one's own.
 *
 * @param from the name of a dataset such as {@code gemma-3-270m}, or a path: absolute, or beginning with {@code ./} or {@code ../},
 *     relative to the spec
 * @param stream whether weights stay in the files, one block at a time in memory, so that the model may be larger than memory is; it
 *     can then be pruned and judged, not trained. The numbers are the same bits
 */
public record Pretrained(
        String from, @Presentation @Default("false") boolean stream) implements Zoo {
    /** Held in memory. */
    public Pretrained(String from) {
        this(from, false);
    }

    @Override
    public Model build(int[] input, int classes, long seed) {
        throw new IllegalArgumentException("the weights of " + from + " are not drawn but read from its files");
    }

    @Override
    public Model outline(Places places, int[] input, int classes) throws IOException {
        return read(places, file -> PretrainedModel.outline(file, input[0]));
    }

    @Override
    public Optional<Decoder> decoder(Places places) throws IOException {
        return Optional.of(read(places, file -> PretrainedModel.form(file.config())));
    }

    @Override
    public Model open(Places places, int[] input, int classes, long seed) throws IOException {
        return read(places, file -> PretrainedModel.open(file, input[0]));
    }

    @FunctionalInterface
    private interface Reading<T> {
        T of(Checkpoint file) throws IOException;
    }

    private <T> T read(Places places, Reading<T> reading) throws IOException {
        Path path = files(places);
        Checkpoint file = Checkpoint.open(path);
        try (file) {
            return reading.of(file);
        } catch (FileFormatException e) {
            throw e; // says the file itself
        } catch (IOException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }

    /**
     * The network with its weights left in the files.
     *
     * @param beside an existing folder, for weights that change
     */
    public StreamedModel streamed(Places places, int[] input, Path beside) throws IOException {
        return StreamedModel.open(files(places), beside, input[0]);
    }

    @Override
    public Optional<String> digest(Places places) throws IOException {
        return Optional.of(read(places, Checkpoint::digest));
    }

    @Override
    public Optional<Tokenizer> tokenizer(Places places) throws IOException {
        return read(places, Checkpoint::tokenizer);
    }

    private Path files(Places places) throws IOException {
        if (from.startsWith("/") || from.startsWith("./") || from.startsWith("../"))
            return places.specs().resolve(from).normalize();
        CachedDataset dataset = new Fetch(places.datasets()).cached(from);
        return dataset.manifest().files().size() == 1
                ? dataset.folder().resolve(dataset.manifest().files().getFirst().name())
                : dataset.folder();
    }
}
