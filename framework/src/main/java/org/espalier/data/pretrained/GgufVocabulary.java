package org.espalier.data.pretrained;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.espalier.data.text.BytePairTokenizer;
import org.espalier.data.text.PieceTokenizer;
import org.espalier.data.text.Tokenizer;
import org.espalier.data.text.WordPattern;

/** The vocabulary inside a GGUF file. */
final class GgufVocabulary {
    private static final String PREFIX = "tokenizer.ggml.";
    private static final int CONTROL = 3;

    private GgufVocabulary() {}

    /** The key of a special token's id. */
    static String special(String token) {
        return PREFIX + token + "_token_id";
    }

    /** The tokenizer, or nothing where the file has no vocabulary. */
    static Optional<Tokenizer> of(GgufKeys keys) throws IOException {
        if (!keys.has(PREFIX + "model")) {
            return Optional.empty();
        }
        String model = keys.text(PREFIX + "model");
        try {
            return Optional.of(
                    switch (model) {
                        case "llama" -> pieces(keys);
                        case "gpt2" -> bytePairs(keys);
                        default -> throw keys.wrong(PREFIX + "model", "is '" + model + "'; read are llama and gpt2");
                    });
        } catch (IllegalArgumentException e) {
            throw keys.wrong(PREFIX + "tokens", e.getMessage());
        }
    }

    private static Tokenizer pieces(GgufKeys keys) throws IOException {
        String[] texts = keys.texts(PREFIX + "tokens");
        float[] scores = keys.floats(PREFIX + "scores");
        int[] types = types(keys, texts.length);
        if (scores.length != texts.length) {
            throw keys.wrong(PREFIX + "scores", "has " + scores.length + " scores for " + texts.length + " tokens");
        }
        List<PieceTokenizer.Piece> pieces = new ArrayList<>(texts.length);
        for (int i = 0; i < texts.length; i++) {
            pieces.add(new PieceTokenizer.Piece(texts[i], scores[i], PieceTokenizer.Kind.values()[types[i] - 1]));
        }
        return new PieceTokenizer(new PieceTokenizer.Vocabulary(
                pieces,
                keys.flag(PREFIX + "add_space_prefix", true),
                keys.optionalInteger(special("bos")),
                keys.optionalInteger(special("eos")),
                keys.flag(PREFIX + "add_bos_token", true)));
    }

    private static Tokenizer bytePairs(GgufKeys keys) throws IOException {
        String[] texts = keys.texts(PREFIX + "tokens");
        List<BytePairTokenizer.Merge> merges = new ArrayList<>();
        for (String merge : keys.texts(PREFIX + "merges")) {
            int space = merge.indexOf(' ', 1);
            if (space < 0) {
                throw keys.wrong(
                        PREFIX + "merges", "has '" + merge + "', which is not two pieces with a space between");
            }
            merges.add(new BytePairTokenizer.Merge(merge.substring(0, space), merge.substring(space + 1)));
        }
        List<Integer> special = new ArrayList<>();
        int[] types = types(keys, texts.length);
        for (int i = 0; i < types.length; i++) {
            if (types[i] == CONTROL || types[i] == CONTROL + 1) {
                special.add(i);
            }
        }
        return new BytePairTokenizer(new BytePairTokenizer.Vocabulary(
                List.of(texts),
                merges,
                words(keys),
                special,
                keys.optionalInteger(special("bos")),
                keys.optionalInteger(special("eos"))));
    }

    private static WordPattern words(GgufKeys keys) throws IOException {
        String name = keys.optionalText(PREFIX + "pre").orElse("gpt-2");
        return switch (name) {
            case "gpt-2" -> WordPattern.GPT2;
            case "llama-bpe", "llama3", "llama-v3" -> WordPattern.LLAMA3;
            default -> throw keys.wrong(PREFIX + "pre", "is '" + name + "'; read are gpt-2 and llama-bpe");
        };
    }

    /** The types of the tokens, 1 to 6; all normal where the file has none. */
    private static int[] types(GgufKeys keys, int tokens) throws IOException {
        String key = PREFIX + "token_type";
        if (!keys.has(key)) {
            int[] normal = new int[tokens];
            Arrays.fill(normal, 1);
            return normal;
        }
        int[] types = keys.integers(key);
        if (types.length != tokens) {
            throw keys.wrong(key, "has " + types.length + " types for " + tokens + " tokens");
        }
        for (int type : types) {
            if (type < 1 || type > PieceTokenizer.Kind.values().length) {
                throw keys.wrong(key, "has the type " + type);
            }
        }
        return types;
    }
}
