package org.espalier.models.pretrained;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.data.pretrained.Config;
import org.espalier.models.Init;
import org.espalier.models.zoo.Llama;

/** {@code model_type: llama}. */
final class LlamaForm {
    private LlamaForm() {}

    static Llama read(Config c) throws IOException {
        Keys.refuse(c, "attention_bias", "mlp_bias");
        Keys.only(c, "hidden_act", "silu");
        Config rotary = c.optionalNested("rope_parameters").orElse(c);
        return new Llama(
                c.integer("vocab_size"),
                c.integer("hidden_size"),
                Keys.layers(c, "num_hidden_layers"),
                c.integer("num_attention_heads"),
                Keys.boxed(c.optionalInteger("num_key_value_heads")),
                Keys.boxed(c.optionalInteger("head_dim")),
                c.integer("intermediate_size"),
                c.integer("max_position_embeddings"),
                rotary.optionalNumber("rope_theta").orElse(10_000),
                RotaryForm.read(
                        c,
                        c.has("rope_parameters")
                                ? rotary
                                : c.optionalNested("rope_scaling").orElse(null)),
                c.number("rms_norm_eps"),
                c.optionalFlag("tie_word_embeddings").orElse(false),
                Init.NORMAL);
    }

    static Map<String, Object> write(Llama m) {
        Map<String, Object> c = new LinkedHashMap<>();
        c.put("architectures", List.of("LlamaForCausalLM"));
        c.put("model_type", "llama");
        c.put("vocab_size", m.vocabulary());
        c.put("hidden_size", m.width());
        c.put("num_hidden_layers", m.layers());
        c.put("num_attention_heads", m.heads());
        c.put("num_key_value_heads", m.keyHeads().orElse(m.heads()));
        c.put("head_dim", m.headWidth().orElse(m.width() / m.heads()));
        c.put("intermediate_size", m.hidden());
        c.put("hidden_act", "silu");
        c.put("max_position_embeddings", m.context());
        c.put("rms_norm_eps", m.epsilon());
        c.put("attention_bias", false);
        c.put("mlp_bias", false);
        c.put("tie_word_embeddings", m.tied());
        c.put("rope_parameters", RotaryForm.write(m.theta(), m.scaling()));
        c.put("rope_theta", m.theta()); // transformers before version 5 reads this and the next
        c.put("rope_scaling", RotaryForm.older(m.scaling()));
        return c;
    }
}
