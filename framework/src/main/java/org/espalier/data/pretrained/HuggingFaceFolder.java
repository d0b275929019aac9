package org.espalier.data.pretrained;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.espalier.data.file.FileFormatException;
import org.espalier.data.text.JsonTokenizer;
import org.espalier.data.text.Tokenizer;

/**
 * A folder as Hugging Face's libraries save it: {@code config.json}, {@code model.safetensors} or the files that
 * {@code model.safetensors.index.json} lists, and {@code tokenizer.json} where the model has a vocabulary.
 */
final class HuggingFaceFolder implements Checkpoint {
    static final String CONFIG = "config.json";
    static final String WEIGHTS = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";
    static final String TOKENIZER = "tokenizer.json";
    static final String TOKENIZER_CONFIG = "tokenizer_config.json";

    private final Path folder;
    private final Config config;
    private final Map<String, Shard> shards;
    private final Map<String, Shard> holders;

    private HuggingFaceFolder(Path folder, Config config, Map<String, Shard> shards, Map<String, Shard> holders) {
        this.folder = folder;
        this.config = config;
        this.shards = shards;
        this.holders = holders;
    }

    static HuggingFaceFolder open(Path folder) throws IOException {
        for (String needed : List.of(CONFIG, Files.exists(folder.resolve(INDEX)) ? INDEX : WEIGHTS)) {
            if (!Files.isRegularFile(folder.resolve(needed))) {
                throw new IOException("no model is in " + folder + ": there is no " + needed);
            }
        }
        Config config = Config.read(folder.resolve(CONFIG));
        Map<String, Shard> shards = new TreeMap<>();
        try {
            Map<String, Shard> holders = Files.exists(folder.resolve(INDEX))
                    ? ShardIndex.open(folder.resolve(INDEX), shards)
                    : single(folder.resolve(WEIGHTS), shards);
            return new HuggingFaceFolder(folder, config, shards, holders);
        } catch (IOException | RuntimeException | Error e) {
            shards.values().forEach(Shard::close);
            throw e;
        }
    }

    private static Map<String, Shard> single(Path file, Map<String, Shard> shards) throws IOException {
        Shard shard = Shard.open(file);
        shards.put(WEIGHTS, shard);
        Map<String, Shard> holders = new TreeMap<>();
        shard.tensors().keySet().forEach(name -> holders.put(name, shard));
        return holders;
    }

    @Override
    public Config config() {
        return config;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(holders.keySet());
    }

    @Override
    public long[] shape(String name) throws IOException {
        return holder(name).tensors().get(name).shape().stream()
                .mapToLong(Long::longValue)
                .toArray();
    }

    @Override
    public void read(String name, float[] into) throws IOException {
        holder(name).read(name, into);
    }

    @Override
    public void rows(String name, int first, int count, float[] into, int at) throws IOException {
        holder(name).rows(name, first, count, into, at);
    }

    private Shard holder(String name) throws IOException {
        Shard holder = holders.get(name);
        if (holder == null) {
            throw new FileFormatException(folder, "tensor '" + name + "'", "is missing");
        }
        return holder;
    }

    @Override
    public Optional<Tokenizer> tokenizer() throws IOException {
        Path file = folder.resolve(TOKENIZER);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        return Optional.of(JsonTokenizer.read(
                file, special("bos_token", "cls_token", file), special("eos_token", "sep_token", file)));
    }

    /**
     * The id in the model's configuration, or else that of the token which the tokenizer's configuration names.
     *
     * @param other what encoders call the token that has the same place
     */
    private OptionalInt special(String key, String other, Path tokenizer) throws IOException {
        if (config.has(key + "_id")) {
            List<Integer> ids = config.integers(key + "_id");
            return ids.isEmpty() ? OptionalInt.empty() : OptionalInt.of(ids.getFirst());
        }
        Path file = folder.resolve(TOKENIZER_CONFIG);
        if (!Files.isRegularFile(file)) {
            return OptionalInt.empty();
        }
        Config words = Config.read(file);
        String name = words.has(key) ? key : other;
        if (!words.has(name)) {
            return OptionalInt.empty();
        }
        String word = words.isObject(name) ? words.nested(name).text("content") : words.text(name);
        return JsonTokenizer.special(tokenizer, word);
    }

    @Override
    public String digest() throws IOException {
        Set<String> files = new TreeSet<>(shards.keySet());
        for (String name : List.of(CONFIG, TOKENIZER)) {
            if (Files.isRegularFile(folder.resolve(name))) {
                files.add(name);
            }
        }
        List<Path> paths = new ArrayList<>();
        files.forEach(name -> paths.add(folder.resolve(name)));
        return KnownDigests.of(paths);
    }

    @Override
    public void close() {
        shards.values().forEach(Shard::close);
    }
}
