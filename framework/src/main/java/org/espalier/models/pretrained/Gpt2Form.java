package org.espalier.models.pretrained;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.data.pretrained.Config;
import org.espalier.models.Init;
import org.espalier.models.zoo.Gpt2;

/** {@code model_type: gpt2}. */
final class Gpt2Form {
    private Gpt2Form() {}

    static Gpt2 read(Config c) throws IOException {
        Keys.only(c, "activation_function", "gelu_new");
        Keys.refuse(c, "scale_attn_by_inverse_layer_idx", "add_cross_attention");
        return new Gpt2(
                c.integer("vocab_size"),
                c.integer("n_embd"),
                Keys.layers(c, "n_layer"),
                c.integer("n_head"),
                Keys.boxed(c.optionalInteger("n_inner")),
                c.integer("n_positions"),
                c.optionalNumber("layer_norm_epsilon").orElse(1e-5),
                Init.NORMAL);
    }

    static Map<String, Object> write(Gpt2 m) {
        Map<String, Object> c = new LinkedHashMap<>();
        c.put("architectures", List.of("GPT2LMHeadModel"));
        c.put("model_type", "gpt2");
        c.put("vocab_size", m.vocabulary());
        c.put("n_embd", m.width());
        c.put("n_layer", m.layers());
        c.put("n_head", m.heads());
        c.put("n_inner", m.hidden().orElse(4 * m.width()));
        c.put("n_positions", m.context());
        c.put("activation_function", "gelu_new");
        c.put("layer_norm_epsilon", m.epsilon());
        c.put("scale_attn_by_inverse_layer_idx", false);
        c.put("add_cross_attention", false);
        c.put("tie_word_embeddings", true);
        return c;
    }
}
