package org.espalier.data.pretrained;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.espalier.data.file.FileFormatException;
import org.espalier.data.text.Tokenizer;

/**
 * A GGUF file with Hugging Face's names and conventions: what llama.cpp's converter did to the weights is undone while
 * they are decoded.
 */
final class GgufCheckpoint implements Checkpoint {
    private final GgufFile gguf;
    private final Config config;
    private final Map<String, GgufWeights> weights;

    private GgufCheckpoint(GgufFile gguf, Config config, Map<String, GgufWeights> weights) {
        this.gguf = gguf;
        this.config = config;
        this.weights = weights;
    }

    static GgufCheckpoint open(Path file) throws IOException {
        GgufFile gguf = GgufFile.open(file);
        try {
            GgufKeys keys = new GgufKeys(gguf);
            GgufArchitecture architecture = GgufArchitecture.of(keys);
            Config config = GgufConfig.of(gguf);
            int blocks = GgufConfig.blocks(keys, architecture);
            Map<String, GgufWeights> weights = new TreeMap<>();
            for (GgufTensor tensor : gguf.tensors().values()) {
                Optional<String> name = architecture.name(gguf, tensor.name(), blocks);
                if (name.isPresent()) {
                    weights.put(name.get(), GgufWeights.of(gguf, architecture, config, name.get(), tensor));
                }
            }
            return new GgufCheckpoint(gguf, config, weights);
        } catch (IOException | RuntimeException | Error e) {
            gguf.close();
            throw e;
        }
    }

    @Override
    public Config config() {
        return config;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(weights.keySet());
    }

    @Override
    public long[] shape(String name) throws IOException {
        return weights(name).shape().stream().mapToLong(Long::longValue).toArray();
    }

    @Override
    public void read(String name, float[] into) throws IOException {
        GgufWeights stored = weights(name);
        long elements = stored.tensor().elements();
        if (into.length != elements) {
            throw new IllegalArgumentException("tensor '" + name + "' of "
                    + gguf.file().path() + " has " + elements + " elements, not " + into.length);
        }
        stored.read(gguf.file(), into);
    }

    @Override
    public void rows(String name, int first, int count, float[] into, int at) throws IOException {
        weights(name).rows(gguf.file(), first, count, into, at);
    }

    private GgufWeights weights(String name) throws IOException {
        GgufWeights found = weights.get(name);
        if (found == null) {
            throw new FileFormatException(gguf.file().path(), "tensor '" + name + "'", "is missing");
        }
        return found;
    }

    @Override
    public Optional<Tokenizer> tokenizer() throws IOException {
        return GgufVocabulary.of(new GgufKeys(gguf));
    }

    @Override
    public String digest() throws IOException {
        return KnownDigests.of(List.of(gguf.file().path()));
    }

    @Override
    public void close() {
        gguf.close();
    }
}
