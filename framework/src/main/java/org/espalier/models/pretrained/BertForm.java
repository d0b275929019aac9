package org.espalier.models.pretrained;

import java.io.IOException;
import org.espalier.data.pretrained.Config;
import org.espalier.models.zoo.Bert;

/** {@code model_type: bert}. */
final class BertForm {
    private BertForm() {}

    static Bert read(Config c) throws IOException {
        Keys.only(c, "model_type", "bert");
        Keys.only(c, "hidden_act", "gelu");
        Keys.only(c, "position_embedding_type", "absolute");
        Keys.refuse(c, "is_decoder", "add_cross_attention");
        return new Bert(
                c.integer("vocab_size"),
                c.integer("hidden_size"),
                Keys.layers(c, "num_hidden_layers"),
                c.integer("num_attention_heads"),
                c.integer("intermediate_size"),
                c.integer("max_position_embeddings"),
                c.optionalInteger("type_vocab_size").orElse(2),
                c.optionalNumber("layer_norm_eps").orElse(1e-12));
    }
}
