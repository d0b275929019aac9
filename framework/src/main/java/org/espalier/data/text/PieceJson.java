package org.espalier.data.text;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.data.text.PieceTokenizer.Kind;
import org.espalier.data.text.PieceTokenizer.Piece;
import org.espalier.data.text.PieceTokenizer.Vocabulary;

/**
 * Writes a SentencePiece vocabulary as the {@code tokenizer.json} that Hugging Face's tokenizers read. They know no scores but a list
 * of merges, so every way to join a piece of two others becomes a merge, in the order of the scores.
 */
final class PieceJson {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String SPACE = "▁";

    private record Merge(String left, String right, float score) {}

    private final Vocabulary vocabulary;
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<Merge> merges = new ArrayList<>();
    private String unknown;
    private int bytes;

    private PieceJson(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /** The file; nothing for a vocabulary that would be cut otherwise in that form. */
    static Optional<Tokenizer.Json> of(Vocabulary vocabulary) {
        PieceJson json = new PieceJson(vocabulary);
        return json.known() ? Optional.of(json::write) : Optional.empty();
    }

    /** Whether the form says all that matters: one text for each token, all bytes or none, no piece that merges can't come to. */
    private boolean known() {
        for (int id = 0; id < vocabulary.pieces().size(); id++) {
            Piece piece = vocabulary.pieces().get(id);
            if (ids.put(piece.text(), id) != null) {
                return false;
            }
            if (piece.kind() == Kind.BYTE) {
                bytes++;
            } else if (piece.kind() == Kind.UNKNOWN) {
                unknown = piece.text();
            }
            if (vocabulary.spaceFirst() && isWhole(piece) && piece.text().matches(".*[ ▁].*")) {
                return false; // what follows a token begins with a space, which may complete another such token
            }
        }
        return (bytes == 0 || bytes == 256) && vocabulary.pieces().stream().allMatch(this::splits);
    }

    /** Notes the merges that come to a piece; of equal scores those with the longer left part come first, as leftmost joins have it. */
    private boolean splits(Piece piece) {
        String text = piece.text();
        if (!isJoined(piece) || text.codePointCount(0, text.length()) < 2) {
            return true;
        }
        boolean found = piece.kind() == Kind.UNUSED;
        for (int at = text.length() - 1; at > 0; at--) {
            Piece left = part(text.substring(0, at)), right = part(text.substring(at));
            if (left == null || right == null) {
                continue;
            }
            found = true;
            if (isJoined(left) && isJoined(right)) { // others are cut out of a text before anything is joined
                merges.add(new Merge(left.text(), right.text(), piece.score()));
            }
        }
        return found;
    }

    private Piece part(String text) {
        Integer id = ids.get(text);
        return id == null ? null : vocabulary.pieces().get(id);
    }

    private static boolean isJoined(Piece piece) {
        return piece.kind() == Kind.NORMAL || piece.kind() == Kind.UNUSED;
    }

    private static boolean isWhole(Piece piece) {
        return piece.kind() == Kind.CONTROL || piece.kind() == Kind.USER_DEFINED;
    }

    /** Pieces and merges go straight into the file: as a tree they would take ten times the vocabulary. */
    private void write(Writer to) throws IOException {
        JsonGenerator out = JSON.createGenerator(to);
        out.writeStartObject();
        for (var part : head().properties()) {
            out.writeFieldName(part.getKey());
            out.writeTree(part.getValue());
        }
        model(out);
        out.writeEndObject();
        out.writeRaw('\n');
        out.flush();
    }

    private ObjectNode head() {
        ObjectNode root = JSON.createObjectNode();
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        addedTokens(root.putArray("added_tokens"));
        ObjectNode replace = JSON.createObjectNode().put("type", "Replace");
        replace.putObject("pattern").put("String", " ");
        replace.put("content", SPACE);
        if (vocabulary.spaceFirst()) {
            ObjectNode normalizer = root.putObject("normalizer").put("type", "Sequence");
            ArrayNode parts = normalizer.putArray("normalizers");
            parts.addObject().put("type", "Prepend").put("prepend", SPACE);
            parts.add(replace);
        } else {
            root.set("normalizer", replace);
        }
        root.putNull("pre_tokenizer");
        beginning(root);
        decoder(root.putObject("decoder").put("type", "Sequence").putArray("decoders"));
        return root;
    }

    /** Others are looked for in normalized text, where spaces are written as in pieces. */
    private void addedTokens(ArrayNode added) {
        for (int id = 0; id < vocabulary.pieces().size(); id++) {
            Piece piece = vocabulary.pieces().get(id);
            if (!isWhole(piece) || piece.text().isEmpty()) {
                continue;
            }
            ObjectNode token = added.addObject().put("id", id).put("content", piece.text());
            token.put("single_word", false).put("lstrip", false).put("rstrip", false);
            token.put("normalized", !vocabulary.spaceFirst()).put("special", piece.kind() == Kind.CONTROL);
        }
    }

    private void beginning(ObjectNode root) {
        if (!vocabulary.begins() || vocabulary.beginning().isEmpty()) {
            root.putNull("post_processor");
            return;
        }
        int id = vocabulary.beginning().getAsInt();
        String text = vocabulary.pieces().get(id).text();
        ObjectNode post = root.putObject("post_processor").put("type", "TemplateProcessing");
        for (String form : new String[] {"single", "pair"}) {
            ArrayNode parts = post.putArray(form);
            for (String sequence : form.equals("single") ? new String[] {"A"} : new String[] {"A", "B"}) {
                int type = sequence.equals("A") ? 0 : 1;
                parts.addObject().putObject("SpecialToken").put("id", text).put("type_id", type);
                parts.addObject().putObject("Sequence").put("id", sequence).put("type_id", type);
            }
        }
        ObjectNode token = post.putObject("special_tokens").putObject(text).put("id", text);
        token.putArray("ids").add(id);
        token.putArray("tokens").add(text);
    }

    private void decoder(ArrayNode decoders) {
        ObjectNode replace = decoders.addObject().put("type", "Replace");
        replace.putObject("pattern").put("String", SPACE);
        replace.put("content", " ");
        decoders.addObject().put("type", "ByteFallback");
        decoders.addObject().put("type", "Fuse");
        if (vocabulary.spaceFirst()) {
            decoders.addObject()
                    .put("type", "Strip")
                    .put("content", " ")
                    .put("start", 1)
                    .put("stop", 0);
        }
    }

    private void model(JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("model");
        out.writeStringField("type", "BPE");
        out.writeNullField("dropout");
        out.writeStringField("unk_token", unknown);
        out.writeNullField("continuing_subword_prefix");
        out.writeNullField("end_of_word_suffix");
        out.writeBooleanField("fuse_unk", false);
        out.writeBooleanField("byte_fallback", bytes > 0);
        out.writeBooleanField("ignore_merges", false);
        out.writeObjectFieldStart("vocab");
        for (int id = 0; id < vocabulary.pieces().size(); id++) {
            out.writeNumberField(vocabulary.pieces().get(id).text(), id);
        }
        out.writeEndObject();
        merges.sort(Comparator.comparing(Merge::score).reversed()); // stable
        out.writeArrayFieldStart("merges");
        for (Merge merge : merges) {
            out.writeArray(new String[] {merge.left, merge.right}, 0, 2);
        }
        out.writeEndArray();
        out.writeEndObject();
    }
}
