package org.espalier.models.pretrained;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.espalier.data.pretrained.Config;
import org.espalier.models.Decoder;
import org.espalier.models.zoo.Gemma3;
import org.espalier.models.zoo.Gpt2;
import org.espalier.models.zoo.Llama;

/**
 * Which network a {@code config.json} describes, and what the file of a network says. What a network of ours could not compute is
 * refused, never passed over.
 */
final class Forms {
    private Forms() {}

    static Decoder of(Config config) throws IOException {
        String type = config.text("model_type");
        try {
            return switch (type) {
                case "llama" -> LlamaForm.read(config);
                case "gemma3_text" -> Gemma3Form.read(config);
                case "gpt2" -> Gpt2Form.read(config);
                default -> throw config.wrong("model_type", "is " + type + "; known are gemma3_text, gpt2, llama");
            };
        } catch (IllegalArgumentException e) {
            throw config.wrong("model_type", "is " + type + ", but " + e.getMessage());
        }
    }

    /**
     * The settings with which transformers builds the same network.
     *
     * @param file where they will be, for messages
     * @param special settings to be added, such as the number of the token that ends a text
     */
    static Config of(Decoder network, Path file, Map<String, Object> special) {
        Map<String, Object> settings = switch (network) {
            case Llama llama -> LlamaForm.write(llama);
            case Gemma3 gemma -> Gemma3Form.write(gemma);
            case Gpt2 gpt -> Gpt2Form.write(gpt);
            default ->
                throw new IllegalArgumentException("no form of Hugging Face's is known for "
                        + network.getClass().getName());
        };
        settings.putAll(special);
        return Config.of(file, settings);
    }
}
