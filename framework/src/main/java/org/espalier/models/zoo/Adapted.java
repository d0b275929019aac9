package org.espalier.models.zoo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.espalier.data.file.Digest;
import org.espalier.data.pretrained.PeftFolder;
import org.espalier.data.text.Tokenizer;
import org.espalier.models.Decoder;
import org.espalier.models.Model;
import org.espalier.models.Zoo;
import org.espalier.models.pretrained.AdapterFile;

/**
 * Another network with an adapter that peft saved, or that a run left in its folder {@code adapters}, made part of its weights.
 *
 * @param of the other network, such as {@code { pretrained: gemma-3-270m }}
 * @param by the adapter's folder: absolute, or relative to the spec
 */
public record Adapted(Zoo of, String by) implements Zoo {
    public Adapted {
        if (of instanceof From)
            throw new IllegalArgumentException(
                    "of: the result of another spec can't be adapted here; export it, and say pretrained");
        if (of instanceof Pretrained files && files.stream())
            throw new IllegalArgumentException(
                    "of: an adapter changes all weights at once, so they have to be in memory: leave `stream` out");
    }

    @Override
    public Model build(int[] input, int classes, long seed) {
        throw new IllegalArgumentException("the adapter of " + by + " is not drawn but read from its files");
    }

    @Override
    public Model outline(Places places, int[] input, int classes) throws IOException {
        Model model = of.outline(places, input, classes);
        AdapterFile.check(folder(places), model);
        return model;
    }

    @Override
    public Model open(Places places, int[] input, int classes, long seed) throws IOException {
        Model model = of.open(places, input, classes, seed);
        AdapterFile.merge(folder(places), model);
        return model;
    }

    @Override
    public Optional<String> digest(Places places) throws IOException {
        return Optional.of(Digest.of(of.digest(places).orElse("") + PeftFolder.digest(folder(places)))
                .sha256());
    }

    @Override
    public Optional<Decoder> decoder(Places places) throws IOException {
        return of.decoder(places);
    }

    @Override
    public Optional<Tokenizer> tokenizer(Places places) throws IOException {
        return of.tokenizer(places);
    }

    private Path folder(Places places) {
        return places.specs().resolve(by).normalize();
    }
}
