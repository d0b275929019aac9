package org.espalier.data.ngram;

/**
 * What the pattern {@code \w+|[^\w\s]+} takes for a letter and for a space. The package's tokenizer is NLTK's, and NLTK has changed
 * its engine: the same package cuts text in two ways. Java's own character classes are neither of them in every point. The tables
 * are the JDK's, so code points that only a later Unicode names count as that one says.
 */
public enum WordRule {
    /** NLTK since 3.10 (the engine {@code regex}): letters, marks, decimal digits, connectors and joiners make words. */
    UNICODE {
        @Override
        boolean isSpace(int c) {
            return isUnicodeSpace(c);
        }

        @Override
        boolean isWord(int c) {
            return Character.isAlphabetic(c)
                    || c == 0x200C
                    || c == 0x200D
                    || switch (Character.getType(c)) {
                        case Character.NON_SPACING_MARK,
                                Character.ENCLOSING_MARK,
                                Character.COMBINING_SPACING_MARK,
                                Character.DECIMAL_DIGIT_NUMBER,
                                Character.CONNECTOR_PUNCTUATION -> true;
                        default -> false;
                    };
        }
    },

    /**
     * NLTK up to 3.9 (Python's {@code re}): the general categories L and N and the underscore make words; the separators 28 to 31
     * are spaces.
     */
    PYTHON {
        @Override
        boolean isSpace(int c) {
            return isUnicodeSpace(c) || c >= 28 && c <= 31;
        }

        @Override
        boolean isWord(int c) {
            return switch (Character.getType(c)) {
                case Character.UPPERCASE_LETTER,
                        Character.LOWERCASE_LETTER,
                        Character.TITLECASE_LETTER,
                        Character.MODIFIER_LETTER,
                        Character.OTHER_LETTER,
                        Character.DECIMAL_DIGIT_NUMBER,
                        Character.LETTER_NUMBER,
                        Character.OTHER_NUMBER -> true;
                default -> c == '_';
            };
        }
    };

    static final int SPACE = 0;
    static final int WORD = 1;
    static final int OTHER = 2;

    /** Of the code points of one byte and of two. */
    private final byte[] narrow = new byte[0x800];

    WordRule() {
        for (int c = 0; c < narrow.length; c++) {
            narrow[c] = (byte) wide(c);
        }
    }

    abstract boolean isSpace(int codePoint);

    abstract boolean isWord(int codePoint);

    /** The kinds of the code points below 2,048. */
    byte[] narrow() {
        return narrow;
    }

    /** {@link #SPACE}, {@link #WORD} or {@link #OTHER}. */
    int kind(int codePoint) {
        return codePoint < narrow.length ? narrow[codePoint] : wide(codePoint);
    }

    private int wide(int codePoint) {
        if (isSpace(codePoint)) {
            return SPACE;
        }
        return isWord(codePoint) ? WORD : OTHER;
    }

    /** Unicode's property White_Space. */
    private static boolean isUnicodeSpace(int c) {
        return c >= 9 && c <= 13
                || c == ' '
                || c == 133
                || c == 160
                || c == 5760
                || c >= 8192 && c <= 8202
                || c == 8232
                || c == 8233
                || c == 8239
                || c == 8287
                || c == 12288;
    }
}
