package org.espalier.models.pretrained;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.espalier.data.file.ElementType;
import org.espalier.data.pretrained.Checkpoint;
import org.espalier.data.pretrained.Config;
import org.espalier.data.pretrained.HuggingFaceWriter;
import org.espalier.data.text.Tokenizer;
import org.espalier.engine.Parameter;
import org.espalier.models.Decoder;
import org.espalier.models.Encoder;
import org.espalier.models.LanguageModel;
import org.espalier.models.Model;

/** A language model's network with the weights of its files, and the files of a network. */
public final class PretrainedModel {
    private PretrainedModel() {}

    /**
     * The network that a configuration describes, as an entry of the zoo.
     *
     * @throws org.espalier.data.file.FileFormatException naming the key, if there is none
     */
    public static Decoder form(Config config) throws IOException {
        return Forms.of(config);
    }

    /**
     * Builds the network and reads its weights.
     *
     * @param length tokens of a sequence of the data
     */
    public static Model open(Checkpoint file, int length) throws IOException {
        Model model = outline(file, length);
        load(model.parameters(), file);
        return model;
    }

    /**
     * The network that the configuration describes, after its tensors were found in the files; none of its arrays is there yet.
     *
     * @throws org.espalier.data.file.FileFormatException if no array could hold one of its tensors
     */
    public static LanguageModel outline(Checkpoint file, int length) throws IOException {
        LanguageModel model;
        try {
            model = form(file.config()).network(length);
        } catch (ArithmeticException tooLarge) {
            throw file.config().wrong("model_type", "is that of a network with a tensor of more than 2^31 - 1 numbers");
        }
        Storage.of(file).check(file, model.parameters());
        return model;
    }

    /**
     * Builds an encoder and reads its weights.
     *
     * @throws org.espalier.data.file.FileFormatException if the configuration describes none that is known: BERT is
     */
    public static Encoder encoder(Checkpoint file) throws IOException {
        Encoder encoder = BertForm.read(file.config()).network();
        load(encoder.parameters(), file);
        return encoder;
    }

    /** Reads the weights of a network that is there already; its masks stay. */
    public static void read(Model model, Checkpoint file) throws IOException {
        load(model.parameters(), file);
    }

    private static void load(List<Parameter> parameters, Checkpoint file) throws IOException {
        Storage storage = Storage.of(file);
        for (Parameter parameter : parameters) {
            storage.read(file, parameter, parameter.value());
            parameter.wrote();
        }
    }

    /**
     * Writes a network as a folder that transformers loads with equal logits, up to the rounding of {@code type}: pruned weights are
     * zeros in it.
     *
     * @param form which network it is
     * @param tokenizer the vocabulary, where there is one
     * @param type F32, F16 or BF16
     * @param folder made if need be; files of such a folder that are there are replaced
     */
    public static void save(Decoder form, Model model, Optional<Tokenizer> tokenizer, ElementType type, Path folder)
            throws IOException {
        Config config = Forms.of(form, folder, special(tokenizer));
        HuggingFaceWriter writer = new HuggingFaceWriter(config, type);
        Storage.of(config).write(model, writer);
        tokenizer.ifPresent(writer::tokenizer);
        writer.write(folder);
    }

    /** Named even where there are none: transformers has defaults of its own for some kinds of network. */
    private static Map<String, Object> special(Optional<Tokenizer> tokenizer) {
        Map<String, Object> ids = new LinkedHashMap<>();
        OptionalInt none = OptionalInt.empty();
        ids.put("bos_token_id", boxed(tokenizer.map(Tokenizer::beginning).orElse(none)));
        ids.put("eos_token_id", boxed(tokenizer.map(Tokenizer::end).orElse(none)));
        ids.put("pad_token_id", null);
        return ids;
    }

    private static Integer boxed(OptionalInt id) {
        return id.isPresent() ? id.getAsInt() : null;
    }
}
