package org.espalier.data.text;

import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How text is cut into words before bytes are joined: no token reaches over the end of a word. */
public enum WordPattern {
    /** GPT-2's: a space belongs to the word after it; letters, digits and the rest are kept apart. */
    GPT2("'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+", false),
    /** Llama 3's: at most three digits together; a word that is a token as a whole is that token. */
    LLAMA3(
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                    + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
            true);

    private final Pattern pattern;
    private final boolean wholeFirst;

    WordPattern(String pattern, boolean wholeFirst) {
        this.pattern = Pattern.compile(pattern, Pattern.UNICODE_CHARACTER_CLASS);
        this.wholeFirst = wholeFirst;
    }

    /** The regular expression, as Hugging Face's tokenizers know it too. */
    String text() {
        return pattern.pattern();
    }

    /** Whether a word that is itself a token is taken as such, whatever the merges would make of it. */
    boolean wholeFirst() {
        return wholeFirst;
    }

    /** Hands over the words of {@code text} in order; together they are the text. */
    void each(String text, Consumer<String> word) {
        Matcher matcher = pattern.matcher(text);
        int done = 0;
        while (matcher.find()) {
            if (matcher.start() > done) {
                word.accept(text.substring(done, matcher.start()));
            }
            word.accept(matcher.group());
            done = matcher.end();
        }
        if (done < text.length()) {
            word.accept(text.substring(done));
        }
    }
}
