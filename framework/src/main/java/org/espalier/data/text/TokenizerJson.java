package org.espalier.data.text;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.espalier.data.text.BytePairTokenizer.Merge;
import org.espalier.data.text.BytePairTokenizer.Vocabulary;

/** Writes a byte-level vocabulary as the {@code tokenizer.json} that Hugging Face's tokenizers read. */
final class TokenizerJson {
    private static final JsonMapper JSON = new JsonMapper();

    private TokenizerJson() {}

    static String of(Vocabulary vocabulary) {
        ObjectNode root = JSON.createObjectNode();
        root.put("version", "1.0");
        root.putNull("truncation");
        root.putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        for (int id : vocabulary.special()) {
            ObjectNode token = added.addObject();
            token.put("id", id).put("content", vocabulary.pieces().get(id));
            for (String off : new String[] {"single_word", "lstrip", "rstrip", "normalized"}) {
                token.put(off, false);
            }
            token.put("special", true);
        }
        root.putNull("normalizer");
        words(root.putObject("pre_tokenizer"), vocabulary.words());
        root.putNull("post_processor");
        byteLevel(root.putObject("decoder"), true);
        model(root.putObject("model"), vocabulary);
        return root.toPrettyString() + "\n";
    }

    /** Byte-level parts know GPT-2's words themselves; others are cut by their pattern first. */
    private static void words(ObjectNode part, WordPattern words) {
        if (words == WordPattern.GPT2) {
            byteLevel(part, true);
            return;
        }
        ArrayNode steps = part.put("type", "Sequence").putArray("pretokenizers");
        ObjectNode split = steps.addObject().put("type", "Split");
        split.putObject("pattern").put("Regex", words.text());
        split.put("behavior", "Isolated").put("invert", false);
        byteLevel(steps.addObject(), false);
    }

    private static void byteLevel(ObjectNode part, boolean cutsWords) {
        part.put("type", "ByteLevel").put("add_prefix_space", false).put("trim_offsets", true);
        part.put("use_regex", cutsWords);
    }

    private static void model(ObjectNode model, Vocabulary vocabulary) {
        model.put("type", "BPE");
        for (String none : new String[] {"dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix"}) {
            model.putNull(none);
        }
        model.put("fuse_unk", false)
                .put("byte_fallback", false)
                .put("ignore_merges", vocabulary.words().wholeFirst());
        ObjectNode ids = model.putObject("vocab");
        for (int id = 0; id < vocabulary.pieces().size(); id++) {
            ids.put(vocabulary.pieces().get(id), id);
        }
        ArrayNode merges = model.putArray("merges");
        for (Merge merge : vocabulary.merges()) {
            merges.add(merge.left() + " " + merge.right());
        }
    }
}
