package org.espalier.data.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The 256 visible characters that stand for bytes in byte-level vocabularies, as GPT-2 introduced them: printable Latin-1
 * bytes are themselves, the others follow from U+0100 on in order.
 */
final class ByteAlphabet {
    private static final char[] OF_BYTE = new char[256];
    private static final short[] OF_CHARACTER = new short[512];

    static {
        Arrays.fill(OF_CHARACTER, (short) -1);
        char next = 256;
        for (int b = 0; b < 256; b++) {
            boolean visible = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
            OF_BYTE[b] = visible ? (char) b : next++;
            OF_CHARACTER[OF_BYTE[b]] = (short) b;
        }
    }

    private ByteAlphabet() {}

    /** The character of a byte, 0 to 255. */
    static char character(int b) {
        return OF_BYTE[b];
    }

    /** The byte of a character, or -1 for one that is of another alphabet. */
    static int valueOf(char character) {
        return character < OF_CHARACTER.length ? OF_CHARACTER[character] : -1;
    }

    /** The UTF-8 of {@code text} in this alphabet. */
    static String spell(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        char[] characters = new char[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            characters[i] = OF_BYTE[bytes[i] & 255];
        }
        return new String(characters);
    }
}
