package org.espalier.data.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.espalier.reliability.ReaderFuzz;

/** {@code tokenizer.json}, by our own pass over it and by Hugging Face's library. */
class TokenizerFuzzTest extends ReaderFuzz {
    static Stream<byte[]> seeds() throws IOException {
        List<PieceTokenizer.Piece> pieces = List.of(
                new PieceTokenizer.Piece("<unk>", 0, PieceTokenizer.Kind.UNKNOWN),
                new PieceTokenizer.Piece("<s>", 0, PieceTokenizer.Kind.CONTROL),
                new PieceTokenizer.Piece("a", -2, PieceTokenizer.Kind.NORMAL),
                new PieceTokenizer.Piece("▁", -2, PieceTokenizer.Kind.NORMAL),
                new PieceTokenizer.Piece("▁a", -1, PieceTokenizer.Kind.NORMAL));
        String json = PieceJson.of(
                        new PieceTokenizer.Vocabulary(pieces, true, OptionalInt.of(1), OptionalInt.empty(), true))
                .orElseThrow()
                .text();
        return Stream.of(json.getBytes(UTF_8));
    }

    @Override
    protected void read(Path file) throws IOException {
        JsonTokenizer tokenizer = JsonTokenizer.read(file, OptionalInt.empty(), OptionalInt.empty());
        try {
            tokenizer.decode(tokenizer.encode("a é"));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
