package org.espalier.data.text;

import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.util.Optional;
import java.util.OptionalInt;

/** Cuts text into tokens of a fixed vocabulary and joins them again. Immutable: any number of threads may use it. */
public interface Tokenizer {
    /** Number of different tokens: ids run from 0 to one less. */
    int vocabulary();

    /** The ids of a text, with nothing put before or after it; a special token spelt out in the text is that token. */
    int[] encode(String text);

    /** The text of tokens, special ones left out; bytes that are no UTF-8 become U+FFFD. */
    String decode(int[] ids);

    /** The token that stands before a text, if this vocabulary has one. */
    OptionalInt beginning();

    /** The token that ends a text, if this vocabulary has one. */
    OptionalInt end();

    /** SHA-256, in hexadecimal, of all that decides how text is cut. */
    String digest();

    /** The same as a {@code tokenizer.json} of Hugging Face, where that is known. */
    default Optional<Json> json() {
        return Optional.empty();
    }

    /** A text that may be long, so that it is written rather than held. */
    @FunctionalInterface
    interface Json {
        void writeTo(Writer out) throws IOException;

        /** All of it. */
        default String text() throws IOException {
            StringWriter out = new StringWriter();
            writeTo(out);
            return out.toString();
        }
    }
}
