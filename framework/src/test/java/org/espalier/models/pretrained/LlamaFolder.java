package org.espalier.models.pretrained;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.espalier.data.TokenWindows;
import org.espalier.data.file.ElementType;
import org.espalier.data.pretrained.Config;
import org.espalier.data.pretrained.HuggingFaceWriter;
import org.espalier.engine.Parameter;

/** A Llama of random weights as a Hugging Face folder, made tensor by tensor, and tokens to lead through it. */
public record LlamaFolder(Path path, int width, int hidden, int layers, int vocabulary) {
    private static final int VOCABULARY = 96;
    private static final int LENGTH = 32;

    /** One with few different tokens. */
    LlamaFolder(Path path, int width, int hidden, int layers) {
        this(path, width, hidden, layers, VOCABULARY);
    }

    public LlamaFolder written() throws IOException {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("model_type", "llama");
        settings.put("vocab_size", vocabulary);
        settings.put("hidden_size", width);
        settings.put("intermediate_size", hidden);
        settings.put("num_hidden_layers", layers);
        settings.put("num_attention_heads", 4);
        settings.put("num_key_value_heads", 2);
        settings.put("max_position_embeddings", 64);
        settings.put("rms_norm_eps", 1e-5);
        settings.put("rope_theta", 10_000.0);
        settings.put("tie_word_embeddings", false);
        Config config = Config.of(path.resolve("config.json"), settings);
        HuggingFaceWriter writer = new HuggingFaceWriter(config, ElementType.F32);
        for (Parameter p : PretrainedModel.form(config).network(LENGTH).parameters())
            writer.tensor(
                    p.name(),
                    first -> values(p),
                    Arrays.stream(p.shape()).mapToInt(Math::toIntExact).toArray());
        writer.write(path);
        return this;
    }

    private float[] values(Parameter p) {
        float[] values = new float[p.size()];
        SplittableRandom random = new SplittableRandom(p.name().hashCode());
        double scale = p.kind() == Parameter.Kind.SCALE ? 0.1 : 1 / Math.sqrt(width);
        for (int i = 0; i < values.length; i++)
            values[i] = (float) ((p.kind() == Parameter.Kind.SCALE ? 1 : 0) + scale * (2 * random.nextDouble() - 1));
        return values;
    }

    static TokenWindows tokens() {
        return tokens(VOCABULARY, LENGTH, 8);
    }

    static TokenWindows tokens(int vocabulary, int length, int windows) {
        int[] tokens =
                new SplittableRandom(5).ints(windows * length, 0, vocabulary).toArray();
        int[] starts = IntStream.range(0, windows).map(i -> i * length).toArray();
        return new TokenWindows("tokens", "made", vocabulary, length, tokens, starts);
    }

    static int length() {
        return LENGTH;
    }

    /** Bytes of one block's weights in memory. */
    public long block() {
        return 4L * (3L * width * width + 3L * width * hidden);
    }
}
