package org.espalier.data.pretrained;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.espalier.reliability.ReaderFuzz;

/** GGUF files with all that is read from them: settings, weights, vocabulary. */
class GgufFuzzTest extends ReaderFuzz {
    static Stream<byte[]> seeds() {
        return Stream.of(HostileGgufTest.sound(), gemma(), gpt2());
    }

    private static byte[] gemma() {
        return new GgufMaker()
                .text("general.architecture", "gemma3")
                .integer("gemma3.block_count", 1)
                .integer("gemma3.embedding_length", 8)
                .integer("gemma3.feed_forward_length", 16)
                .integer("gemma3.context_length", 64)
                .integer("gemma3.attention.head_count", 2)
                .integer("gemma3.attention.head_count_kv", 1)
                .integer("gemma3.attention.key_length", 16)
                .integer("gemma3.attention.sliding_window", 8)
                .number("gemma3.attention.layer_norm_rms_epsilon", 1e-6f)
                .text("gemma3.rope.scaling.type", "linear")
                .number("gemma3.rope.scaling.factor", 8)
                .text("tokenizer.ggml.model", "llama")
                .texts("tokenizer.ggml.tokens", "<unk>", "<s>", "a", "b", "ab", "▁", "▁ab", "é")
                .numbers("tokenizer.ggml.scores", 0, 0, -9, -9, -1, -9, -2, -9)
                .integers("tokenizer.ggml.token_type", 2, 3, 1, 1, 1, 4, 5, 1)
                .integer("tokenizer.ggml.bos_token_id", 1)
                .count("token_embd.weight", 8, 8)
                .count("output_norm.weight", 8)
                .count("blk.0.attn_q_norm.weight", 16)
                .bytes();
    }

    private static byte[] gpt2() {
        String[] tokens = new String[258];
        for (int b = 0, other = 256; b < 256; b++) {
            boolean visible = b >= '!' && b <= '~' || b >= 0xA1 && b != 0xAD;
            tokens[b] = String.valueOf((char) (visible ? b : other++));
        }
        tokens[256] = "es";
        tokens[257] = "<|endoftext|>";
        int[] types = new int[258];
        Arrays.fill(types, 1);
        types[257] = 3;
        return new GgufMaker()
                .text("general.architecture", "gpt2")
                .integer("gpt2.block_count", 1)
                .integer("gpt2.embedding_length", 2)
                .integer("gpt2.feed_forward_length", 8)
                .integer("gpt2.context_length", 4)
                .integer("gpt2.attention.head_count", 1)
                .number("gpt2.attention.layer_norm_epsilon", 1e-5f)
                .text("tokenizer.ggml.model", "gpt2")
                .text("tokenizer.ggml.pre", "llama-bpe")
                .texts("tokenizer.ggml.tokens", tokens)
                .texts("tokenizer.ggml.merges", "e s")
                .integers("tokenizer.ggml.token_type", types)
                .integer("tokenizer.ggml.eos_token_id", 257)
                .count("token_embd.weight", 10, 2)
                .count("position_embd.weight", 4, 2)
                .count("blk.0.attn_qkv.weight", 6, 2)
                .count("blk.0.attn_qkv.bias", 6)
                .bytes();
    }

    @Override
    protected void read(Path file) throws IOException {
        HostileGgufTest.readAll(file);
    }
}
