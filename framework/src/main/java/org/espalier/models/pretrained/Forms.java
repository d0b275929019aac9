package org.espalier.models.pretrained;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.espalier.data.file.FileFormatException;
import org.espalier.data.pretrained.Config;
import org.espalier.engine.ops.RotaryScaling;
import org.espalier.models.Decoder;
import org.espalier.models.Init;
import org.espalier.models.zoo.Gemma3;
import org.espalier.models.zoo.Gpt2;
import org.espalier.models.zoo.Llama;

/** Which network a {@code config.json} describes. What a network of ours could not compute is refused, never passed over. */
final class Forms {
    private Forms() {}

    static Decoder of(Config config) throws IOException {
        String type = config.text("model_type");
        return switch (type) {
            case "llama" -> llama(config);
            case "gemma3_text" -> gemma3(config);
            case "gpt2" -> gpt2(config);
            default -> throw config.wrong("model_type", "is " + type + "; known are gemma3_text, gpt2, llama");
        };
    }

    private static Llama llama(Config c) throws IOException {
        refuse(c, "attention_bias", "mlp_bias");
        only(c, "hidden_act", "silu");
        Config rotary = c.optionalNested("rope_parameters").orElse(c);
        return new Llama(
                c.integer("vocab_size"),
                c.integer("hidden_size"),
                c.integer("num_hidden_layers"),
                c.integer("num_attention_heads"),
                boxed(c.optionalInteger("num_key_value_heads")),
                boxed(c.optionalInteger("head_dim")),
                c.integer("intermediate_size"),
                c.integer("max_position_embeddings"),
                rotary.optionalNumber("rope_theta").orElse(10_000),
                scaling(
                        c,
                        c.has("rope_parameters")
                                ? rotary
                                : c.optionalNested("rope_scaling").orElse(null)),
                c.number("rms_norm_eps"),
                c.optionalFlag("tie_word_embeddings").orElse(false),
                Init.NORMAL);
    }

    private static Gemma3 gemma3(Config c) throws IOException {
        refuse(c, "attention_bias", "use_bidirectional_attention");
        only(c, "hidden_activation", "gelu_pytorch_tanh");
        if (c.has("final_logit_softcapping")) throw c.wrong("final_logit_softcapping", "is not supported");
        if (c.has("attn_logit_softcapping")) throw c.wrong("attn_logit_softcapping", "is not supported");
        boolean both = c.has("rope_parameters");
        Config far = both ? c.nested("rope_parameters").nested("full_attention") : c;
        double near = both
                ? c.nested("rope_parameters").nested("sliding_attention").number("rope_theta")
                : c.optionalNumber("rope_local_base_freq").orElse(10_000);
        return new Gemma3(
                c.integer("vocab_size"),
                c.integer("hidden_size"),
                c.integer("num_hidden_layers"),
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
                scaling(c, both ? far : c.optionalNested("rope_scaling").orElse(null)),
                c.number("rms_norm_eps"),
                Init.NORMAL);
    }

    /** Every how many layers one sees all tokens. */
    private static int period(Config c) throws IOException {
        if (!c.has("layer_types"))
            return c.optionalInteger("sliding_window_pattern").orElse(6);
        List<String> types = c.list("layer_types");
        int first = types.indexOf("full_attention");
        int period = first < 0 ? types.size() + 1 : first + 1;
        for (int i = 0; i < types.size(); i++)
            if (!types.get(i).equals((i + 1) % period == 0 ? "full_attention" : "sliding_attention"))
                throw c.wrong("layer_types", "does not repeat: entry " + i + " is " + types.get(i));
        return period;
    }

    private static Gpt2 gpt2(Config c) throws IOException {
        only(c, "activation_function", "gelu_new");
        refuse(c, "scale_attn_by_inverse_layer_idx", "add_cross_attention");
        return new Gpt2(
                c.integer("vocab_size"),
                c.integer("n_embd"),
                c.integer("n_layer"),
                c.integer("n_head"),
                boxed(c.optionalInteger("n_inner")),
                c.integer("n_positions"),
                c.optionalNumber("layer_norm_epsilon").orElse(1e-5),
                Init.NORMAL);
    }

    private static RotaryScaling scaling(Config c, Config rotary) throws IOException {
        if (rotary == null) return new RotaryScaling.Unscaled();
        String type = rotary.optionalText("rope_type").or(() -> text(rotary)).orElse("default");
        if (type.equals("default")) return new RotaryScaling.Unscaled();
        double by = rotary.number("factor");
        int positions =
                rotary.optionalInteger("original_max_position_embeddings").orElse(c.integer("max_position_embeddings"));
        return switch (type) {
            case "linear" -> new RotaryScaling.Pressed(by);
            case "dynamic" -> new RotaryScaling.Dynamic(by, positions);
            case "llama3" ->
                new RotaryScaling.Llama3(
                        by, rotary.number("low_freq_factor"), rotary.number("high_freq_factor"), positions);
            case "yarn" ->
                new RotaryScaling.Yarn(
                        by,
                        rotary.optionalNumber("beta_fast").orElse(32),
                        rotary.optionalNumber("beta_slow").orElse(1),
                        positions,
                        rotary.optionalNumber("attention_factor").orElse(RotaryScaling.Yarn.attention(by)),
                        rotary.optionalFlag("truncate").orElse(true));
            default ->
                throw rotary.wrong("rope_type", "is " + type + "; known are default, linear, dynamic, llama3, yarn");
        };
    }

    /** The key that older files use. */
    private static Optional<String> text(Config rotary) {
        try {
            return rotary.optionalText("type");
        } catch (FileFormatException e) {
            return Optional.of("unreadable");
        }
    }

    private static void refuse(Config c, String... flags) throws IOException {
        for (String flag : flags)
            if (c.has(flag) && c.flag(flag)) throw c.wrong(flag, "is true, which this network has no form for");
    }

    private static void only(Config c, String key, String value) throws IOException {
        Optional<String> found = c.optionalText(key);
        if (found.isPresent() && !found.get().equals(value))
            throw c.wrong(key, "is " + found.get() + "; known is " + value);
    }

    private static Optional<Integer> boxed(OptionalInt number) {
        return number.isPresent() ? Optional.of(number.getAsInt()) : Optional.empty();
    }
}
