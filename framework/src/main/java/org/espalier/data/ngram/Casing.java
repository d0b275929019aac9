package org.espalier.data.ngram;

/** Two properties of Unicode that decide which form a sigma takes in lower case. */
final class Casing {
    private Casing() {}

    /** The property Cased. */
    static boolean isCased(int c) {
        return Character.isLowerCase(c) || Character.isUpperCase(c) || Character.isTitleCase(c);
    }

    /** The property Case_Ignorable: marks, formats, modifiers and the punctuation that stands inside words. */
    static boolean isIgnorable(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.FORMAT,
                    Character.MODIFIER_LETTER,
                    Character.MODIFIER_SYMBOL -> true;
            default -> isInsideWords(c);
        };
    }

    private static boolean isInsideWords(int c) {
        return switch (c) {
            case '\'', '.', ':', 0xB7, 0x387, 0x55F, 0x5F4, 0x2018, 0x2019, 0x2024, 0x2027 -> true;
            case 0xFE13, 0xFE52, 0xFE55, 0xFF07, 0xFF0E, 0xFF1A -> true;
            default -> false;
        };
    }
}
