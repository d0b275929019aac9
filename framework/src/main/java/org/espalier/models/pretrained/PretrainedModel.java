package org.espalier.models.pretrained;

import java.io.IOException;
import org.espalier.data.pretrained.Checkpoint;
import org.espalier.data.pretrained.Config;
import org.espalier.engine.Parameter;
import org.espalier.models.Decoder;
import org.espalier.models.Model;

/** A language model's network with the weights of its files. */
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
        Model model = form(file.config()).network(length);
        load(model, file);
        return model;
    }

    /** Reads all weights of a network from its files. */
    static void load(Model model, Checkpoint file) throws IOException {
        Storage storage = file.config().text("model_type").equals("gpt2") ? Storage.gpt2(file) : Storage.plain(file);
        for (Parameter parameter : model.parameters()) {
            storage.read(parameter, parameter.value());
            parameter.wrote();
        }
    }
}
