package org.espalier.data.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.espalier.data.file.FileFormatException;
import org.espalier.data.text.Tokenizer;
import org.espalier.launch.WeightFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GgufCheckpointTest {
    @TempDir
    Path folder;

    private Checkpoint open(GgufMaker maker) throws IOException {
        return Checkpoint.open(Files.write(folder.resolve("model.gguf"), maker.bytes()));
    }

    static float[] read(Checkpoint checkpoint, String name) throws IOException {
        long size = 1;
        for (long dimension : checkpoint.shape(name)) {
            size *= dimension;
        }
        float[] values = new float[(int) size];
        checkpoint.read(name, values);
        return values;
    }

    @ParameterizedTest
    @EnumSource(WeightFormat.class)
    void everyFormatIsDecodedToTheBit(WeightFormat format) throws IOException {
        int rows = 700; // more than one thread decodes at a time
        Blocks blocks = Blocks.drawn(format, rows * (256 / format.weights()), new Random(7));
        GgufMaker maker = GgufMaker.tinyLlama().count("output.weight", 10, 8);
        maker.tensor("blk.0.attn_v.bias", format, blocks.bytes(), rows, 256);
        try (Checkpoint checkpoint = open(maker)) {
            assertThat(checkpoint.shape("model.layers.0.self_attn.v_proj.bias")).containsExactly(rows, 256);
            assertThat(read(checkpoint, "model.layers.0.self_attn.v_proj.bias")).isEqualTo(blocks.weights());
        }
    }

    @ParameterizedTest
    @EnumSource(WeightFormat.class)
    void rowsOfQuantisedQueriesAreReordered(WeightFormat format) throws IOException {
        int columns = 256;
        Blocks blocks = Blocks.drawn(format, 8 * (columns / format.weights()), new Random(9));
        GgufMaker maker = GgufMaker.tinyLlama();
        maker.tensor("blk.0.attn_q.bias", format, blocks.bytes(), 8, columns);
        float[] expected = new float[8 * columns];
        int[] stored = {0, 2, 1, 3, 4, 6, 5, 7}; // two heads of width 4: halves (0 1)(2 3) lie as 0 2 1 3
        for (int row = 0; row < 8; row++) {
            System.arraycopy(blocks.weights(), stored[row] * columns, expected, row * columns, columns);
        }
        try (Checkpoint checkpoint = open(maker)) {
            assertThat(read(checkpoint, "model.layers.0.self_attn.q_proj.bias")).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(WeightFormat.class)
    void someRowsAreThoseOfTheWhole(WeightFormat format) throws IOException {
        int rows = 700, columns = 512;
        Blocks blocks = Blocks.drawn(format, rows * (columns / format.weights()), new Random(11));
        GgufMaker maker = GgufMaker.tinyLlama();
        maker.tensor("blk.0.attn_v.bias", format, blocks.bytes(), rows, columns);
        try (Checkpoint checkpoint = open(maker)) {
            for (int[] part : new int[][] {{0, 1}, {699, 1}, {3, 2}, {0, rows}, {5, 600}}) {
                float[] read = new float[part[1] * columns + 4];
                checkpoint.rows("model.layers.0.self_attn.v_proj.bias", part[0], part[1], read, 3);
                float[] expected = new float[read.length];
                System.arraycopy(blocks.weights(), part[0] * columns, expected, 3, part[1] * columns);
                assertThat(read).isEqualTo(expected);
            }
        }
    }

    @Test
    void rowsThatLieOtherwiseAreRefused() throws IOException {
        Blocks blocks = Blocks.drawn(WeightFormat.Q8_0, 2, new Random(3));
        GgufMaker maker = GgufMaker.tinyLlama();
        maker.tensor("blk.0.attn_v.bias", WeightFormat.Q8_0, blocks.bytes(), 64);
        try (Checkpoint checkpoint = open(maker)) {
            float[] into = new float[64];
            assertThatThrownBy(() -> checkpoint.rows("model.layers.0.self_attn.q_proj.weight", 0, 1, into, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("attn_q.weight");
            assertThatThrownBy(() -> checkpoint.rows("model.layers.0.self_attn.v_proj.bias", 3, 1, into, 0))
                    .isInstanceOf(FileFormatException.class)
                    .hasMessageContaining("no whole blocks");
            assertThatThrownBy(() -> checkpoint.rows("model.embed_tokens.weight", 9, 2, into, 0))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void aLlamaHasHuggingFacesNamesAndKeys() throws IOException {
        try (Checkpoint checkpoint = open(GgufMaker.tinyLlama())) {
            assertThat(checkpoint.names())
                    .containsExactlyInAnyOrder(
                            "model.embed_tokens.weight",
                            "model.norm.weight",
                            "model.layers.0.input_layernorm.weight",
                            "model.layers.0.self_attn.q_proj.weight",
                            "model.layers.0.self_attn.k_proj.weight",
                            "model.layers.0.self_attn.v_proj.weight",
                            "model.layers.0.self_attn.o_proj.weight",
                            "model.layers.0.post_attention_layernorm.weight",
                            "model.layers.0.mlp.gate_proj.weight",
                            "model.layers.0.mlp.up_proj.weight",
                            "model.layers.0.mlp.down_proj.weight");
            Config config = checkpoint.config();
            assertThat(config.text("model_type")).isEqualTo("llama");
            assertThat(config.integer("num_key_value_heads")).isEqualTo(1);
            assertThat(config.integer("head_dim")).isEqualTo(4);
            assertThat(config.integer("vocab_size")).isEqualTo(10);
            assertThat(config.flag("tie_word_embeddings")).isTrue();
            assertThat(config.flag("attention_bias")).isFalse();
            assertThat(config.nested("rope_parameters").number("rope_theta")).isEqualTo(500_000);
            assertThat(config.nested("rope_parameters").text("rope_type")).isEqualTo("default");
            assertThat(read(checkpoint, "model.layers.0.mlp.down_proj.weight")).startsWith(0, 1, 2);
            // One head of width 4: row 1 of Hugging Face's is row 2 of the file.
            assertThat(read(checkpoint, "model.layers.0.self_attn.k_proj.weight"))
                    .startsWith(0, 1, 2, 3, 4, 5, 6, 7, 16);
            assertThat(checkpoint.tokenizer()).isEmpty();
            assertThat(checkpoint.digest()).hasSize(64);
        }
    }

    @Test
    void gemmasNormsLoseTheOneThatWasAdded() throws IOException {
        GgufMaker maker = new GgufMaker()
                .text("general.architecture", "gemma3")
                .integer("gemma3.block_count", 7)
                .integer("gemma3.embedding_length", 8)
                .integer("gemma3.feed_forward_length", 16)
                .integer("gemma3.context_length", 64)
                .integer("gemma3.attention.head_count", 2)
                .integer("gemma3.attention.head_count_kv", 1)
                .integer("gemma3.attention.key_length", 16)
                .integer("gemma3.attention.sliding_window", 8)
                .number("gemma3.attention.layer_norm_rms_epsilon", 1e-6f)
                .count("token_embd.weight", 10, 8)
                .floats("output_norm.weight", new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 8)
                .count("blk.6.attn_q_norm.weight", 16)
                .count("blk.6.attn_q.weight", 32, 8);
        try (Checkpoint checkpoint = open(maker)) {
            Config config = checkpoint.config();
            assertThat(read(checkpoint, "model.norm.weight")).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
            assertThat(read(checkpoint, "model.layers.6.self_attn.q_norm.weight"))
                    .startsWith(-1, 0, 1);
            assertThat(read(checkpoint, "model.layers.6.self_attn.q_proj.weight"))
                    .startsWith(0, 1, 2);
            assertThat(config.text("model_type")).isEqualTo("gemma3_text");
            assertThat(config.list("layer_types"))
                    .isEqualTo(List.of(
                            "sliding_attention",
                            "sliding_attention",
                            "sliding_attention",
                            "sliding_attention",
                            "sliding_attention",
                            "full_attention",
                            "sliding_attention"));
            assertThat(config.integer("query_pre_attn_scalar")).isEqualTo(16);
            Config rope = config.nested("rope_parameters");
            assertThat(rope.nested("full_attention").number("rope_theta")).isEqualTo(1e6);
            assertThat(rope.nested("sliding_attention").number("rope_theta")).isEqualTo(1e4);
            assertThat(config.has("final_logit_softcapping")).isFalse();
        }
    }

    @Test
    void gpt2sLinearsAreTransposed() throws IOException {
        GgufMaker maker = new GgufMaker()
                .text("general.architecture", "gpt2")
                .integer("gpt2.block_count", 1)
                .integer("gpt2.embedding_length", 2)
                .integer("gpt2.feed_forward_length", 8)
                .integer("gpt2.context_length", 64)
                .integer("gpt2.attention.head_count", 1)
                .number("gpt2.attention.layer_norm_epsilon", 1e-5f)
                .count("token_embd.weight", 10, 2)
                .count("position_embd.weight", 64, 2)
                .count("blk.0.attn_qkv.weight", 6, 2)
                .count("blk.0.attn_qkv.bias", 6)
                .count("output.weight", 10, 2);
        try (Checkpoint checkpoint = open(maker)) {
            assertThat(checkpoint.shape("transformer.h.0.attn.c_attn.weight")).containsExactly(2, 6);
            assertThat(read(checkpoint, "transformer.h.0.attn.c_attn.weight"))
                    .containsExactly(0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11);
            assertThat(read(checkpoint, "transformer.h.0.attn.c_attn.bias")).containsExactly(0, 1, 2, 3, 4, 5);
            assertThat(read(checkpoint, "transformer.wpe.weight")).startsWith(0, 1);
            assertThat(checkpoint.names()).contains("lm_head.weight");
            assertThat(checkpoint.config().integer("n_embd")).isEqualTo(2);
            assertThat(checkpoint.config().flag("tie_word_embeddings")).isFalse();
        }
    }

    /** Values of meta-llama's 3.1 rule for the lowest, a middle and the highest of 64 frequencies, base 500,000, factor 8. */
    @Test
    void llama3sFactorsAreRecognised() throws IOException {
        float[] factors = new float[64];
        for (int i = 0; i < 64; i++) {
            double wave = 2 * Math.PI / Math.pow(500_000, -i / 64.0);
            double smooth = (8192 / wave - 1) / (4 - 1);
            factors[i] = (float) (wave < 2048 ? 1 : wave > 8192 ? 8 : 1 / ((1 - smooth) / 8 + smooth));
        }
        GgufMaker maker = GgufMaker.tinyLlama().integer("llama.rope.dimension_count", 128);
        try (Checkpoint checkpoint = open(maker.floats("rope_freqs.weight", factors, 64))) {
            Config rope = checkpoint.config().nested("rope_parameters");
            assertThat(rope.text("rope_type")).isEqualTo("llama3");
            assertThat(rope.number("factor")).isEqualTo(8);
            assertThat(rope.integer("original_max_position_embeddings")).isEqualTo(8192);
            assertThat(checkpoint.names()).noneMatch(name -> name.contains("rope"));
        }
        factors[40] *= 2;
        GgufMaker other = GgufMaker.tinyLlama().integer("llama.rope.dimension_count", 128);
        assertThatThrownBy(() -> open(other.floats("rope_freqs.weight", factors, 64)))
                .isInstanceOf(FileFormatException.class)
                .hasMessageContaining("rope_freqs");
    }

    @Test
    void otherAlignmentsAndTheOlderVersionAreRead() throws IOException {
        GgufMaker maker = new GgufMaker().version(2).alignment(4096);
        maker.text("general.architecture", "gpt2")
                .integer("gpt2.block_count", 1)
                .integer("gpt2.embedding_length", 2)
                .integer("gpt2.feed_forward_length", 8)
                .integer("gpt2.context_length", 64)
                .integer("gpt2.attention.head_count", 1)
                .number("gpt2.attention.layer_norm_epsilon", 1e-5f)
                .count("token_embd.weight", 10, 2)
                .count("position_embd.weight", 64, 2);
        try (Checkpoint checkpoint = open(maker)) {
            assertThat(read(checkpoint, "transformer.wpe.weight")).hasSize(128).startsWith(0, 1, 2);
        }
    }

    @Test
    void aVocabularyOfScoredPiecesCutsText() throws IOException {
        GgufMaker maker = GgufMaker.tinyLlama()
                .text("tokenizer.ggml.model", "llama")
                .texts("tokenizer.ggml.tokens", "<unk>", "<s>", "a", "b", "ab", "▁", "▁ab", "c", "d", "e")
                .numbers("tokenizer.ggml.scores", 0, 0, -9, -9, -1, -9, -2, -9, -9, -9)
                .integers("tokenizer.ggml.token_type", 2, 3, 1, 1, 1, 1, 1, 1, 1, 1)
                .integer("tokenizer.ggml.bos_token_id", 1)
                .flag("tokenizer.ggml.add_space_prefix", false);
        try (Checkpoint checkpoint = open(maker)) {
            Tokenizer tokenizer = checkpoint.tokenizer().orElseThrow();
            assertThat(tokenizer.encode("ab ab<s>az")).containsExactly(4, 6, 1, 2, 0);
            assertThat(tokenizer.decode(new int[] {1, 4, 6})).isEqualTo("ab ab");
            assertThat(tokenizer.beginning()).hasValue(1);
            assertThat(tokenizer.end()).isEmpty();
            assertThat(checkpoint.config().integer("bos_token_id")).isEqualTo(1);
        }
    }

    @Test
    void whatIsNotReadIsNamed() {
        assertThatThrownBy(() -> open(new GgufMaker().text("general.architecture", "mamba")))
                .isInstanceOf(FileFormatException.class)
                .hasMessageContainingAll("general.architecture", "mamba", "llama, gemma3, gpt2");
        assertThatThrownBy(() -> open(GgufMaker.tinyLlama().count("blk.0.ssm_in.weight", 4)))
                .isInstanceOf(FileFormatException.class)
                .hasMessageContaining("blk.0.ssm_in.weight");
        assertThatThrownBy(() -> open(GgufMaker.tinyLlama().text("tokenizer.ggml.model", "t5"))
                        .tokenizer())
                .isInstanceOf(FileFormatException.class)
                .hasMessageContaining("'t5'");
        assertThatThrownBy(() -> open(GgufMaker.tinyLlama()).read("model.norm.weight", new float[7]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("8 elements, not 7");
        assertThatThrownBy(() -> open(GgufMaker.tinyLlama()).shape("lm_head.weight"))
                .isInstanceOf(FileFormatException.class)
                .hasMessageContaining("lm_head.weight");
    }
}
