package org.espalier.data.pretrained;

import org.espalier.data.file.FileFormatException;

/** A value of a GGUF file's metadata. */
sealed interface GgufValue {
    /** A text, {@code Long}, {@code Double} or {@code Boolean}. */
    record Single(Object value) implements GgufValue {}

    /**
     * A list, left in the file until it is needed.
     *
     * @param type of its elements
     * @param at where the first of them begins
     */
    record Many(Type type, int count, long at) implements GgufValue {}

    /** The element types by their numbers in the file. */
    enum Type {
        UINT8(1),
        INT8(1),
        UINT16(2),
        INT16(2),
        UINT32(4),
        INT32(4),
        FLOAT32(4),
        BOOL(1),
        STRING(0),
        ARRAY(0),
        UINT64(8),
        INT64(8),
        FLOAT64(8);

        private static final int MOST_ELEMENTS = 1 << 24;
        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        private static Type read(GgufCursor cursor, String what) throws FileFormatException {
            int number = cursor.readInt("the type of " + what);
            if (number < 0 || number >= values().length) {
                throw cursor.wrong(what + " has the unknown type " + Integer.toUnsignedString(number));
            }
            return values()[number];
        }

        /** One value other than a list. */
        Object single(GgufCursor cursor, String what) throws FileFormatException {
            return switch (this) {
                case UINT8 -> (long) (cursor.readByte(what) & 255);
                case INT8 -> (long) cursor.readByte(what);
                case UINT16 -> (long) readShort(cursor, what) & 0xFFFF;
                case INT16 -> (long) readShort(cursor, what);
                case UINT32 -> cursor.readInt(what) & 0xFFFFFFFFL;
                case INT32 -> (long) cursor.readInt(what);
                // The shortest digits: what was written as 1e-6 is 1e-6, not the nearest float's every digit.
                case FLOAT32 -> Double.valueOf(Float.toString(Float.intBitsToFloat(cursor.readInt(what))));
                case BOOL -> flag(cursor, what);
                case STRING -> cursor.readString(what);
                case UINT64, INT64 -> cursor.readLong(what);
                case FLOAT64 -> Double.longBitsToDouble(cursor.readLong(what));
                case ARRAY -> throw cursor.wrong(what + " is a list of lists, which is not read");
            };
        }

        private static short readShort(GgufCursor cursor, String what) throws FileFormatException {
            int low = cursor.readByte(what) & 255;
            return (short) (low | cursor.readByte(what) << 8);
        }

        private static boolean flag(GgufCursor cursor, String what) throws FileFormatException {
            byte value = cursor.readByte(what);
            if (value != 0 && value != 1) {
                throw cursor.wrong(what + " is a truth value of " + value);
            }
            return value == 1;
        }
    }

    /** Reads a type and a value of it; the elements of a list are only stepped over. */
    static GgufValue read(GgufCursor cursor, String what) throws FileFormatException {
        Type type = Type.read(cursor, what);
        if (type != Type.ARRAY) {
            return new Single(type.single(cursor, what));
        }
        Type element = Type.read(cursor, "the elements of " + what);
        int count = (int) cursor.readCount("the number of elements of " + what, Type.MOST_ELEMENTS);
        long at = cursor.at();
        if (element == Type.ARRAY) {
            throw cursor.wrong(what + " is a list of lists, which is not read");
        }
        if (element == Type.STRING) {
            for (int i = 0; i < count; i++) {
                cursor.skipString(what);
            }
        } else {
            cursor.skip((long) count * element.bytes, what);
        }
        return new Many(element, count, at);
    }
}
