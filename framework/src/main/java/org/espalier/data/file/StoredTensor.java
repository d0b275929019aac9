package org.espalier.data.file;

import java.util.List;

/**
 * Where a tensor lies in a safetensors file.
 *
 * @param shape its dimensions, outermost first; empty for a scalar
 * @param begin its first byte, counted from the start of the file
 * @param end the byte after its last
 */
public record StoredTensor(String name, ElementType type, List<Long> shape, long begin, long end) {
    public StoredTensor {
        shape = List.copyOf(shape);
    }

    /** Number of elements; 1 for a scalar, 0 where a dimension is 0. */
    public long elements() {
        return (end - begin) / type.bytes();
    }

    public long bytes() {
        return end - begin;
    }
}
