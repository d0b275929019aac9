package org.espalier.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** JSON that may stand inside a script element: no character of it can end the element, open a comment or a line. */
final class Json {
    private static final ObjectMapper MAPPER = mapper();

    private Json() {}

    /** The text of a tree of maps, lists, strings and numbers. */
    static String of(Object tree) {
        try {
            return MAPPER.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
        }
    }

    private static ObjectMapper mapper() {
        ObjectMapper mapper = JsonMapper.builder().build();
        mapper.getFactory().setCharacterEscapes(new ScriptEscapes());
        return mapper;
    }

    private static final class ScriptEscapes extends CharacterEscapes {
        private static final SerializedString LINE = new SerializedString("\\u2028");
        private static final SerializedString PARAGRAPH = new SerializedString("\\u2029");
        private final int[] ascii = CharacterEscapes.standardAsciiEscapesForJSON();

        ScriptEscapes() {
            for (char c : "<>&'`".toCharArray()) ascii[c] = CharacterEscapes.ESCAPE_STANDARD;
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return ascii;
        }

        @Override
        public SerializableString getEscapeSequence(int c) {
            return c == 0x2028 ? LINE : c == 0x2029 ? PARAGRAPH : null;
        }
    }
}
