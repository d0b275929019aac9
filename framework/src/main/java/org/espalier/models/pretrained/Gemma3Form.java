package org.espalier.models.pretrained;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.espalier.data.pretrained.Config;
import org.espalier.engine.ops.RotaryScaling;
import org.espalier.models.Init;
import org.espalier.models.zoo.Gemma3;

/** {@code model_type: gemma3_text}. */
final class Gemma3Form {
    private static final String ALL = "full_attention";
    private static final String WINDOW = "sliding_attention";

    private Gemma3Form() {}

    static Gemma3 read(Config c) throws IOException {
        Keys.refuse(c, "attention_bias", "use_bidirectional_attention");
        Keys.only(c, "hidden_activation", "gelu_pytorch_tanh");
        if (c.has("final_logit_softcapping")) throw c.wrong("final_logit_softcapping", "is not supported");
        if (c.has("attn_logit_softcapping")) throw c.wrong("attn_logit_softcapping", "is not supported");
        boolean both = c.has("rope_parameters");
        Config far = both ? c.nested("rope_parameters").nested(ALL) : c;
        double near = both
                ? c.nested("rope_parameters").nested(WINDOW).number("rope_theta")
                : c.optionalNumber("rope_local_base_freq").orElse(10_000);
        return new Gemma3(
                c.integer("vocab_size"),
                c.integer("hidden_size"),
                Keys.layers(c, "num_hidden_layers"),
                c.integer("num_attention_heads"),
                c.integer("num_key_value_heads"),
                c.integer("head_dim"),
                c.integer("intermediate_size"),
                c.integer("max_position_embeddings"),
                period(c),
                c.integer("sliding_window"),
                c.has("query_pre_attn_scalar") ? Optional.of(c.number("query_pre_attn_scalar")) : Optional.empty(),
                far.optionalNumber("rope_theta").orElse(1_000_000),
                near,
                RotaryForm.read(c, both ? far : c.optionalNested("rope_scaling").orElse(null)),
                c.number("rms_norm_eps"),
                Init.NORMAL);
    }

    /** Every how many layers one sees all tokens. */
    private static int period(Config c) throws IOException {
        if (!c.has("layer_types"))
            return c.optionalInteger("sliding_window_pattern").orElse(6);
        List<String> types = c.list("layer_types");
        int first = types.indexOf(ALL);
        int period = first < 0 ? types.size() + 1 : first + 1;
        for (int i = 0; i < types.size(); i++)
            if (!types.get(i).equals((i + 1) % period == 0 ? ALL : WINDOW))
                throw c.wrong("layer_types", "does not repeat: entry " + i + " is " + types.get(i));
        return period;
    }

    static Map<String, Object> write(Gemma3 m) {
        Map<String, Object> c = new LinkedHashMap<>();
        c.put("architectures", List.of("Gemma3ForCausalLM"));
        c.put("model_type", "gemma3_text");
        c.put("vocab_size", m.vocabulary());
        c.put("hidden_size", m.width());
        c.put("num_hidden_layers", m.layers());
        c.put("num_attention_heads", m.heads());
        c.put("num_key_value_heads", m.keyHeads());
        c.put("head_dim", m.headWidth());
        c.put("intermediate_size", m.hidden());
        c.put("hidden_activation", "gelu_pytorch_tanh");
        c.put("max_position_embeddings", m.context());
        c.put("rms_norm_eps", m.epsilon());
        c.put("query_pre_attn_scalar", scalar(m.query().orElse((double) m.headWidth())));
        c.put("attention_bias", false);
        c.put("use_bidirectional_attention", false);
        c.put("tie_word_embeddings", true);
        c.put("sliding_window", m.window());
        c.put(
                "layer_types",
                IntStream.rangeClosed(1, m.layers())
                        .mapToObj(layer -> layer % m.global() == 0 ? ALL : WINDOW)
                        .toList());
        Map<String, Object> rotary = new LinkedHashMap<>();
        rotary.put(ALL, RotaryForm.write(m.theta(), m.scaling()));
        rotary.put(WINDOW, RotaryForm.write(m.localTheta(), new RotaryScaling.Unscaled()));
        c.put("rope_parameters", rotary);
        c.put("rope_theta", m.theta()); // transformers before version 5 reads these three
        c.put("rope_local_base_freq", m.localTheta());
        c.put("rope_scaling", RotaryForm.older(m.scaling()));
        return c;
    }

    /** A whole number where it is one: transformers checks the type. */
    private static Number scalar(double query) {
        return query == Math.rint(query) ? (Number) (int) query : (Number) query;
    }
}
