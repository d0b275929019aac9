package org.espalier.data.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.espalier.data.file.Digest;
import org.espalier.data.file.FileFormatException;

/**
 * A {@code tokenizer.json}, read by Hugging Face's own library through DJL: exactly what the model was trained with.
 *
 * <p>The library is native code inside DJL's jar. On first use it is unpacked into the user's cache folder
 * ({@code ~/.cache/espalier/tokenizers}, or below {@code DJL_CACHE_DIR} where that is set); nothing is downloaded and
 * nothing reported: DJL is told to stay offline and to opt out of counting its users.
 *
 * <p>A file can be wrong in ways that show only in use: then encoding and decoding end in an {@link UncheckedIOException} about a
 * {@link FileFormatException}.
 */
public final class JsonTokenizer implements Tokenizer {
    private static final long MOST_BYTES = 200_000_000;

    private final Path file;
    private final HuggingFaceTokenizer library;
    private final String json;
    private final int vocabulary;
    private final OptionalInt beginning;
    private final OptionalInt end;

    private JsonTokenizer(
            Path file,
            HuggingFaceTokenizer library,
            String json,
            int vocabulary,
            OptionalInt beginning,
            OptionalInt end) {
        this.file = file;
        this.library = library;
        this.json = json;
        this.vocabulary = vocabulary;
        this.beginning = beginning;
        this.end = end;
    }

    /** Reads {@code file}; which of its tokens stand before and after a text is said elsewhere. */
    public static JsonTokenizer read(Path file, OptionalInt beginning, OptionalInt end) throws IOException {
        byte[] bytes = bytes(file);
        int vocabulary = TokenizerFile.read(file, bytes).vocabulary();
        stayOffline();
        try (ByteArrayInputStream in = new ByteArrayInputStream(bytes)) {
            HuggingFaceTokenizer library = HuggingFaceTokenizer.newInstance(
                    in, Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
            return new JsonTokenizer(
                    file, library, new String(bytes, StandardCharsets.UTF_8), vocabulary, beginning, end);
        } catch (RuntimeException e) {
            throw new FileFormatException(file, 0, "no tokenizer can be made of it: " + e.getMessage());
        }
    }

    /** The id of a special token by its text. */
    public static OptionalInt special(Path file, String text) throws IOException {
        Integer id = TokenizerFile.read(file, bytes(file)).added().get(text);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** The text of a special token by its id. */
    public static Optional<String> special(Path file, int id) throws IOException {
        return TokenizerFile.read(file, bytes(file)).added().entrySet().stream()
                .filter(token -> token.getValue() == id)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static byte[] bytes(Path file) throws IOException {
        long size = Files.size(file);
        if (size > MOST_BYTES) {
            throw new FileFormatException(file, MOST_BYTES, size + " bytes are more than a tokenizer has");
        }
        return Files.readAllBytes(file);
    }

    private static void stayOffline() {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("RUST_FLAVOR", "cpu");
        if (System.getenv("DJL_CACHE_DIR") == null && System.getProperty("DJL_CACHE_DIR") == null) {
            Path cache = Path.of(System.getProperty("user.home"), ".cache", "espalier");
            System.setProperty("DJL_CACHE_DIR", cache.toString());
        }
    }

    @Override
    public int vocabulary() {
        return vocabulary;
    }

    @Override
    public int[] encode(String text) {
        long[] found = asked(() -> library.encode(text, false, false).getIds());
        int[] ids = new int[found.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = Math.toIntExact(found[i]);
        }
        return ids;
    }

    @Override
    public String decode(int[] ids) {
        long[] wide = new long[ids.length];
        for (int i = 0; i < ids.length; i++) {
            wide[i] = ids[i];
        }
        return asked(() -> library.decode(wide, true));
    }

    /** Some files load and fail only when they are used. */
    private <T> T asked(Supplier<T> question) {
        try {
            return question.get();
        } catch (RuntimeException e) {
            FileFormatException wrong = new FileFormatException(file, 0, "the tokenizer fails: " + e.getMessage());
            throw new UncheckedIOException(wrong.getMessage(), wrong);
        }
    }

    @Override
    public OptionalInt beginning() {
        return beginning;
    }

    @Override
    public OptionalInt end() {
        return end;
    }

    @Override
    public String digest() {
        return Digest.of(Digest.of(json).sha256() + beginning + end).sha256();
    }

    @Override
    public Optional<Json> json() {
        return Optional.of(out -> out.write(json));
    }
}
