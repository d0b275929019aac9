package org.espalier.data.pretrained;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.espalier.data.file.FileFormatException;

/**
 * The architectures that are read from GGUF files, and what Hugging Face calls their tensors. {@code #} stands for
 * the number of a block.
 */
enum GgufArchitecture {
    LLAMA("""
            token_embd model.embed_tokens
            output_norm model.norm
            output lm_head
            attn_norm model.layers.#.input_layernorm
            attn_q model.layers.#.self_attn.q_proj
            attn_k model.layers.#.self_attn.k_proj
            attn_v model.layers.#.self_attn.v_proj
            attn_output model.layers.#.self_attn.o_proj
            ffn_norm model.layers.#.post_attention_layernorm
            ffn_gate model.layers.#.mlp.gate_proj
            ffn_up model.layers.#.mlp.up_proj
            ffn_down model.layers.#.mlp.down_proj
            """),
    GEMMA3("""
            token_embd model.embed_tokens
            output_norm model.norm
            output lm_head
            attn_norm model.layers.#.input_layernorm
            attn_q model.layers.#.self_attn.q_proj
            attn_k model.layers.#.self_attn.k_proj
            attn_v model.layers.#.self_attn.v_proj
            attn_output model.layers.#.self_attn.o_proj
            attn_q_norm model.layers.#.self_attn.q_norm
            attn_k_norm model.layers.#.self_attn.k_norm
            post_attention_norm model.layers.#.post_attention_layernorm
            ffn_norm model.layers.#.pre_feedforward_layernorm
            ffn_gate model.layers.#.mlp.gate_proj
            ffn_up model.layers.#.mlp.up_proj
            ffn_down model.layers.#.mlp.down_proj
            post_ffw_norm model.layers.#.post_feedforward_layernorm
            """),
    GPT2("""
            token_embd transformer.wte
            position_embd transformer.wpe
            output_norm transformer.ln_f
            output lm_head
            attn_norm transformer.h.#.ln_1
            attn_qkv transformer.h.#.attn.c_attn
            attn_output transformer.h.#.attn.c_proj
            ffn_norm transformer.h.#.ln_2
            ffn_up transformer.h.#.mlp.c_fc
            ffn_down transformer.h.#.mlp.c_proj
            """);

    private static final Pattern NAME =
            Pattern.compile("(?:blk[.](0|[1-9][0-9]{0,3})[.])?([a-z0-9_]+)[.](weight|bias)");

    private final Map<String, String> names = new HashMap<>();

    GgufArchitecture(String names) {
        names.lines().map(line -> line.split(" ")).forEach(pair -> this.names.put(pair[0], pair[1]));
    }

    static GgufArchitecture of(GgufKeys keys) throws FileFormatException {
        String found = keys.text("general.architecture");
        for (GgufArchitecture architecture : values()) {
            if (architecture.key().equals(found)) {
                return architecture;
            }
        }
        throw keys.wrong(
                "general.architecture",
                "is '" + found + "'; read are "
                        + Arrays.stream(values()).map(GgufArchitecture::key).collect(Collectors.joining(", ")));
    }

    /** What its keys begin with. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Hugging Face's name of a tensor; empty for one that is no parameter. */
    Optional<String> name(GgufFile file, String name, int blocks) throws FileFormatException {
        if (name.equals("rope_freqs.weight")) {
            return Optional.empty();
        }
        Matcher parts = NAME.matcher(name);
        String template = parts.matches() ? names.get(parts.group(2)) : null;
        boolean inBlock = template != null && parts.group(1) != null;
        if (template == null
                || inBlock != template.contains("#")
                || inBlock && Integer.parseInt(parts.group(1)) >= blocks) {
            throw new FileFormatException(
                    file.file().path(),
                    "tensor '" + name + "'",
                    "is no part of a " + key() + " of " + blocks + " blocks");
        }
        String whole = inBlock ? template.replace("#", parts.group(1)) : template;
        return Optional.of(whole + "." + parts.group(3));
    }
}
