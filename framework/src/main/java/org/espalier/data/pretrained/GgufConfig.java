package org.espalier.data.pretrained;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.data.file.FileFormatException;

/** What a GGUF file's metadata say in the keys of Hugging Face's {@code config.json}. */
final class GgufConfig {
    /** The one size of Gemma 3 (27B) whose queries are scaled by the width of a head as if heads made up the hidden state. */
    private static final int LARGEST_GEMMA_BLOCKS = 62;

    private static final int GLOBAL_EVERY = 6;
    private static final int MOST_BLOCKS = 10_000;

    private final GgufFile gguf;
    private final GgufKeys keys;
    private final GgufArchitecture architecture;
    private final Map<String, Object> values = new LinkedHashMap<>();

    private GgufConfig(GgufFile gguf) throws IOException {
        this.gguf = gguf;
        this.keys = new GgufKeys(gguf);
        this.architecture = GgufArchitecture.of(keys);
    }

    static Config of(GgufFile gguf) throws IOException {
        GgufConfig config = new GgufConfig(gguf);
        switch (config.architecture) {
            case LLAMA -> config.llama();
            case GEMMA3 -> config.gemma3();
            case GPT2 -> config.gpt2();
        }
        return Config.of(gguf.file().path(), config.values);
    }

    /** How many blocks the model has. */
    static int blocks(GgufKeys keys, GgufArchitecture architecture) throws IOException {
        String key = architecture.key() + ".block_count";
        int blocks = keys.integer(key);
        if (blocks < 1 || blocks > MOST_BLOCKS) {
            throw keys.wrong(key, "is " + blocks + ", not between 1 and " + MOST_BLOCKS);
        }
        return blocks;
    }

    private void llama() throws IOException {
        common("llama", "LlamaForCausalLM");
        values.put("hidden_act", "silu");
        boolean bias = gguf.tensors().containsKey("blk.0.attn_q.bias");
        values.put("attention_bias", bias);
        values.put("mlp_bias", gguf.tensors().containsKey("blk.0.ffn_up.bias"));
        GgufRope rope = new GgufRope(gguf, keys, architecture.key());
        Map<String, Object> parameters = rope.llama(headWidth());
        values.put("rope_theta", parameters.get("rope_theta"));
        values.put("rope_parameters", parameters);
        if (!"default".equals(parameters.get("rope_type"))) {
            values.put("rope_scaling", parameters);
        }
    }

    private void gemma3() throws IOException {
        common("gemma3_text", "Gemma3ForCausalLM");
        int blocks = blocks(keys, architecture);
        int heads = integer("attention.head_count");
        values.put("attention_bias", false);
        values.put("hidden_activation", "gelu_pytorch_tanh");
        values.put("sliding_window", integer("attention.sliding_window"));
        List<String> layers = new ArrayList<>();
        for (int i = 1; i <= blocks; i++) {
            layers.add(i % GLOBAL_EVERY == 0 ? "full_attention" : "sliding_attention");
        }
        values.put("layer_types", layers);
        values.put("_sliding_window_pattern", GLOBAL_EVERY);
        values.put(
                "query_pre_attn_scalar",
                blocks == LARGEST_GEMMA_BLOCKS ? integer("embedding_length") / Math.max(1, heads) : headWidth());
        GgufRope rope = new GgufRope(gguf, keys, architecture.key());
        Map<String, Object> global = rope.plain(1_000_000);
        double local = keys.number("gemma3.rope.freq_base_swa", 10_000);
        values.put("rope_theta", global.get("rope_theta"));
        values.put("rope_local_base_freq", local);
        values.put(
                "rope_parameters",
                Map.of(
                        "full_attention",
                        global,
                        "sliding_attention",
                        Map.of("rope_type", "default", "rope_theta", local)));
        softcap("attn_logit_softcapping");
        softcap("final_logit_softcapping");
    }

    private void softcap(String key) throws IOException {
        String here = "gemma3." + key;
        if (keys.has(here)) {
            values.put(key, keys.number(here));
        }
    }

    private void gpt2() throws IOException {
        values.put("architectures", List.of("GPT2LMHeadModel"));
        values.put("model_type", "gpt2");
        values.put("n_embd", integer("embedding_length"));
        values.put("n_layer", blocks(keys, architecture));
        values.put("n_head", integer("attention.head_count"));
        values.put("n_positions", integer("context_length"));
        values.put("n_inner", integer("feed_forward_length"));
        values.put("layer_norm_epsilon", keys.number("gpt2.attention.layer_norm_epsilon"));
        values.put("activation_function", "gelu_new");
        vocabulary();
    }

    private void common(String type, String className) throws IOException {
        values.put("architectures", List.of(className));
        values.put("model_type", type);
        values.put("hidden_size", integer("embedding_length"));
        values.put("intermediate_size", integer("feed_forward_length"));
        values.put("num_hidden_layers", blocks(keys, architecture));
        int heads = integer("attention.head_count");
        values.put("num_attention_heads", heads);
        values.put("num_key_value_heads", keys.integer(architecture.key() + ".attention.head_count_kv", heads));
        values.put("head_dim", headWidth());
        values.put("max_position_embeddings", integer("context_length"));
        values.put("rms_norm_eps", keys.number(architecture.key() + ".attention.layer_norm_rms_epsilon"));
        vocabulary();
    }

    private void vocabulary() throws IOException {
        GgufTensor embedding = gguf.tensors().get("token_embd.weight");
        if (embedding == null) {
            throw new FileFormatException(gguf.file().path(), "tensor 'token_embd.weight'", "is missing");
        }
        values.put("vocab_size", embedding.shape().getFirst());
        values.put("tie_word_embeddings", !gguf.tensors().containsKey("output.weight"));
        for (String token : List.of("bos", "eos")) {
            String key = GgufVocabulary.special(token);
            if (keys.has(key)) {
                values.put(token + "_token_id", keys.integer(key));
            }
        }
        if (keys.has(GgufVocabulary.special("padding"))) {
            values.put("pad_token_id", keys.integer(GgufVocabulary.special("padding")));
        }
    }

    private int headWidth() throws IOException {
        int heads = integer("attention.head_count");
        if (heads == 0) {
            throw keys.wrong(architecture.key() + ".attention.head_count", "is 0");
        }
        return keys.integer(architecture.key() + ".attention.key_length", integer("embedding_length") / heads);
    }

    private int integer(String key) throws IOException {
        return keys.integer(architecture.key() + "." + key);
    }
}
