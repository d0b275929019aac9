package org.espalier.data.pretrained;

import java.util.Arrays;
import java.util.List;
import org.espalier.data.file.FileFormatException;
import org.espalier.launch.WeightFormat;

/**
 * Where a tensor lies in a GGUF file.
 *
 * @param shape outermost first, the other way round than in the file
 * @param begin its first byte, counted from the start of the data in the header, later of the file
 */
record GgufTensor(String name, WeightFormat format, List<Long> shape, long begin) {
    private static final int MOST_DIMENSIONS = 4;
    private static final int LONGEST_NAME = 256;

    /** ggml's numbers for the formats that are read. */
    private static WeightFormat format(int number) {
        return switch (number) {
            case 0 -> WeightFormat.F32;
            case 1 -> WeightFormat.F16;
            case 2 -> WeightFormat.Q4_0;
            case 6 -> WeightFormat.Q5_0;
            case 8 -> WeightFormat.Q8_0;
            case 12 -> WeightFormat.Q4_K;
            case 13 -> WeightFormat.Q5_K;
            case 14 -> WeightFormat.Q6_K;
            case 30 -> WeightFormat.BF16;
            default -> null;
        };
    }

    static GgufTensor read(GgufCursor cursor) throws FileFormatException {
        String name = cursor.readString("a tensor's name");
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw cursor.wrong("a tensor's name has " + name.length() + " characters");
        }
        String what = "tensor '" + name + "'";
        int dimensions = cursor.readInt("the number of dimensions of " + what);
        if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
            throw cursor.wrong(what + " has " + Integer.toUnsignedString(dimensions) + " dimensions");
        }
        Long[] shape = new Long[dimensions];
        long elements = 1;
        for (int d = dimensions - 1; d >= 0; d--) {
            shape[d] = cursor.readLong("a dimension of " + what);
            elements = shape[d] < 1 || elements > Long.MAX_VALUE / 16 / shape[d] ? -1 : elements * shape[d];
            if (elements < 0) {
                throw cursor.wrong(what + " has a dimension of " + Long.toUnsignedString(shape[d])
                        + ", so more elements than can be, or none");
            }
        }
        int number = cursor.readInt("the type of " + what);
        WeightFormat format = format(number);
        if (format == null) {
            throw cursor.wrong(what + " has the type " + Integer.toUnsignedString(number) + "; read are "
                    + Arrays.toString(WeightFormat.values()));
        }
        if (shape[dimensions - 1] % format.weights() != 0) {
            throw cursor.wrong(what + " has rows of " + shape[dimensions - 1] + " weights, which are no blocks of "
                    + format.weights() + " as " + format + " has them");
        }
        return new GgufTensor(name, format, List.of(shape), cursor.readLong("the place of " + what));
    }

    GgufTensor from(long data) {
        return new GgufTensor(name, format, shape, data + begin);
    }

    long elements() {
        return shape.stream().reduce(1L, (a, b) -> a * b);
    }

    long bytes() {
        return elements() / format.weights() * format.bytes();
    }

    /** Elements of one row: the dimension that is stored without a gap. */
    long columns() {
        return shape.getLast();
    }
}
