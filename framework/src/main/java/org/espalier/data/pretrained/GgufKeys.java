package org.espalier.data.pretrained;

import java.util.Optional;
import java.util.OptionalInt;
import org.espalier.data.file.FileFormatException;

/** Typed access to the metadata of a GGUF file; what is missing or of another type is refused with the file and the key. */
record GgufKeys(GgufFile gguf) {
    boolean has(String key) {
        return gguf.metadata().containsKey(key);
    }

    String text(String key) throws FileFormatException {
        return single(key, String.class, "a text");
    }

    /** A whole number from 0 to 2^31 - 1. */
    int integer(String key) throws FileFormatException {
        long value = single(key, Long.class, "a whole number");
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw wrong(key, "is " + value);
        }
        return (int) value;
    }

    int integer(String key, int otherwise) throws FileFormatException {
        return has(key) ? integer(key) : otherwise;
    }

    OptionalInt optionalInteger(String key) throws FileFormatException {
        return has(key) ? OptionalInt.of(integer(key)) : OptionalInt.empty();
    }

    double number(String key) throws FileFormatException {
        return single(key, Double.class, "a number");
    }

    double number(String key, double otherwise) throws FileFormatException {
        return has(key) ? number(key) : otherwise;
    }

    boolean flag(String key, boolean otherwise) throws FileFormatException {
        return has(key) ? single(key, Boolean.class, "true or false") : otherwise;
    }

    Optional<String> optionalText(String key) throws FileFormatException {
        return has(key) ? Optional.of(text(key)) : Optional.empty();
    }

    String[] texts(String key) throws FileFormatException {
        GgufValue.Many many = many(key, "texts", GgufValue.Type.STRING);
        GgufCursor cursor = new GgufCursor(gguf.file(), many.at());
        String[] texts = new String[many.count()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = cursor.readString("element " + i + " of key '" + key + "'");
        }
        return texts;
    }

    float[] floats(String key) throws FileFormatException {
        GgufValue.Many many = many(key, "numbers", GgufValue.Type.FLOAT32);
        float[] values = new float[many.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.intBitsToFloat(gguf.file().intAt(many.at() + 4L * i));
        }
        return values;
    }

    int[] integers(String key) throws FileFormatException {
        GgufValue.Many many = many(key, "whole numbers", GgufValue.Type.INT32, GgufValue.Type.UINT32);
        int[] values = new int[many.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = gguf.file().intAt(many.at() + 4L * i);
        }
        return values;
    }

    FileFormatException wrong(String key, String problem) {
        return new FileFormatException(gguf.file().path(), "key '" + key + "'", problem);
    }

    private <T> T single(String key, Class<T> type, String wanted) throws FileFormatException {
        GgufValue value = value(key, wanted);
        if (value instanceof GgufValue.Single(Object found) && type.isInstance(found)) {
            return type.cast(found);
        }
        throw wrong(key, "should be " + wanted + ", not " + value);
    }

    private GgufValue.Many many(String key, String wanted, GgufValue.Type... types) throws FileFormatException {
        GgufValue value = value(key, "a list of " + wanted);
        for (GgufValue.Type type : types) {
            if (value instanceof GgufValue.Many many && many.type() == type) {
                return many;
            }
        }
        throw wrong(key, "should be a list of " + wanted + ", not " + value);
    }

    private GgufValue value(String key, String wanted) throws FileFormatException {
        GgufValue value = gguf.metadata().get(key);
        if (value == null) {
            throw wrong(key, "is missing; it should be " + wanted);
        }
        return value;
    }
}
