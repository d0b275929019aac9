package org.espalier.data.pretrained;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.espalier.data.file.DurableFile;
import org.espalier.data.file.ElementType;
import org.espalier.data.file.SafetensorsWriter;
import org.espalier.data.text.JsonTokenizer;
import org.espalier.data.text.Tokenizer;

/**
 * Writes a model as a folder that Hugging Face's libraries load: {@code config.json}, {@code model.safetensors} and,
 * where the vocabulary is known in that form, {@code tokenizer.json}. Tensors are asked for one by one while they are
 * written. The configuration comes last, so that a folder which has one is whole.
 */
public final class HuggingFaceWriter {
    private final Config config;
    private final ElementType type;
    private final SafetensorsWriter weights = new SafetensorsWriter().metadata("format", "pt");
    private Optional<Tokenizer> tokenizer = Optional.empty();

    /**
     * @param config with the keys that transformers expects; its {@code dtype} is set to the type of the weights
     * @param type F32, F16 or BF16
     */
    public HuggingFaceWriter(Config config, ElementType type) {
        this.config = config;
        this.type = type;
    }

    /**
     * Adds a tensor.
     *
     * @param name as Hugging Face calls it
     * @param values asked for when the folder is written
     */
    public HuggingFaceWriter tensor(String name, SafetensorsWriter.Values values, int... shape) {
        weights.floats(name, type, values, shape);
        return this;
    }

    /** The vocabulary that belongs to the model. */
    public HuggingFaceWriter tokenizer(Tokenizer vocabulary) {
        tokenizer = Optional.of(vocabulary);
        return this;
    }

    /** Writes the files into {@code folder}, which is made if need be; they are on the disk when this returns. */
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String old : new String[] {
            HuggingFaceFolder.CONFIG,
            HuggingFaceFolder.INDEX,
            HuggingFaceFolder.TOKENIZER,
            HuggingFaceFolder.TOKENIZER_CONFIG
        }) {
            Files.deleteIfExists(folder.resolve(old));
        }
        weights.write(folder.resolve(HuggingFaceFolder.WEIGHTS));
        Optional<Tokenizer.Json> vocabulary = tokenizer.flatMap(Tokenizer::json);
        if (vocabulary.isPresent()) {
            text(folder.resolve(HuggingFaceFolder.TOKENIZER), vocabulary.get());
            text(folder.resolve(HuggingFaceFolder.TOKENIZER_CONFIG), tokenizerConfig(folder));
        }
        String settings = config.with("dtype", name()).json();
        text(folder.resolve(HuggingFaceFolder.CONFIG), out -> out.write(settings));
    }

    private String name() {
        return switch (type) {
            case F16 -> "float16";
            case BF16 -> "bfloat16";
            default -> "float32";
        };
    }

    private Tokenizer.Json tokenizerConfig(Path folder) throws IOException {
        ObjectNode words = new JsonMapper().createObjectNode();
        words.put("tokenizer_class", "PreTrainedTokenizerFast");
        Tokenizer vocabulary = tokenizer.orElseThrow();
        Path json = folder.resolve(HuggingFaceFolder.TOKENIZER);
        name(words, "bos_token", json, vocabulary.beginning());
        name(words, "eos_token", json, vocabulary.end());
        return out -> out.write(words.toPrettyString() + "\n");
    }

    private static void name(ObjectNode words, String key, Path json, OptionalInt id) throws IOException {
        if (id.isPresent()) {
            JsonTokenizer.special(json, id.getAsInt()).ifPresent(text -> words.put(key, text));
        }
    }

    private static void text(Path file, Tokenizer.Json text) throws IOException {
        DurableFile.replace(file, channel -> {
            Writer out = new OutputStreamWriter(Channels.newOutputStream(channel), StandardCharsets.UTF_8);
            text.writeTo(out);
            out.flush();
        });
    }
}
