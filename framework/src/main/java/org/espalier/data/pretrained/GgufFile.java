package org.espalier.data.pretrained;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.data.file.FileFormatException;
import org.espalier.launch.MappedFile;

/**
 * An open GGUF file, version 2 or 3, little-endian: its metadata, and where its tensors lie. Everything is checked
 * before a weight is read, nothing is allocated on the word of the file alone, and lists stay in the file until they are
 * asked for.
 */
record GgufFile(MappedFile file, Map<String, GgufValue> metadata, Map<String, GgufTensor> tensors)
        implements AutoCloseable {
    private static final int MAGIC = 'G' | 'G' << 8 | 'U' << 16 | 'F' << 24;
    private static final int MOST_TENSORS = 65_536;
    private static final int MOST_KEYS = 65_536;
    private static final int ALIGNMENT = 32;

    static GgufFile open(Path path) throws IOException {
        MappedFile file = MappedFile.open(path);
        try {
            return read(file);
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private static GgufFile read(MappedFile file) throws FileFormatException {
        GgufCursor cursor = new GgufCursor(file, 0);
        if (cursor.readInt("the magic number") != MAGIC) {
            throw new FileFormatException(file.path(), 0, "a GGUF file begins with the letters GGUF");
        }
        int version = cursor.readInt("the version");
        if (version != 2 && version != 3) {
            throw new FileFormatException(
                    file.path(), 4, "version " + Integer.toUnsignedString(version) + "; read are 2 and 3");
        }
        int tensors = (int) cursor.readCount("the number of tensors", MOST_TENSORS);
        int keys = (int) cursor.readCount("the number of keys", MOST_KEYS);
        Map<String, GgufValue> metadata = new LinkedHashMap<>();
        for (int i = 0; i < keys; i++) {
            String key = cursor.readString("a key");
            if (metadata.put(key, GgufValue.read(cursor, "key '" + key + "'")) != null) {
                throw cursor.wrong("key '" + key + "' is there twice");
            }
        }
        List<GgufTensor> found = new ArrayList<>();
        for (int i = 0; i < tensors; i++) {
            found.add(GgufTensor.read(cursor));
        }
        int alignment = alignment(cursor, metadata);
        long data = padded(cursor.at(), alignment);
        return new GgufFile(file, metadata, placed(file, found, data, alignment));
    }

    private static int alignment(GgufCursor cursor, Map<String, GgufValue> metadata) throws FileFormatException {
        GgufValue value = metadata.get("general.alignment");
        if (value == null) {
            return ALIGNMENT;
        }
        if (value instanceof GgufValue.Single(Long alignment)
                && alignment >= 8
                && alignment <= 4096
                && Long.bitCount(alignment) == 1) {
            return alignment.intValue();
        }
        throw cursor.wrong("general.alignment should be a power of two from 8 to 4096, not " + value);
    }

    private static long padded(long at, int alignment) {
        return (at + alignment - 1) & -alignment;
    }

    /** Tensors must follow one another without an overlap or a hole, each at a multiple of the alignment. */
    private static Map<String, GgufTensor> placed(MappedFile file, List<GgufTensor> found, long data, int alignment)
            throws FileFormatException {
        Map<String, GgufTensor> tensors = new LinkedHashMap<>();
        long next = 0;
        for (GgufTensor tensor : found.stream()
                .sorted(Comparator.comparingLong(GgufTensor::begin))
                .toList()) {
            String what = "tensor '" + tensor.name() + "'";
            if (tensor.begin() != next) {
                throw new FileFormatException(
                        file.path(),
                        Math.min(data, file.size()),
                        what + " should begin " + next + " bytes into the data, not " + tensor.begin()
                                + ": they would overlap, leave a hole or be misaligned");
            }
            if (tensor.bytes() > file.size() - data - next) {
                throw new FileFormatException(file.path(), file.size(), "the file ends before " + what + " does");
            }
            next = padded(next + tensor.bytes(), alignment);
            if (tensors.put(tensor.name(), tensor.from(data)) != null) {
                throw new FileFormatException(file.path(), Math.min(data, file.size()), what + " is there twice");
            }
        }
        if (file.size() > data + next) {
            throw new FileFormatException(
                    file.path(), data + next, (file.size() - data - next) + " bytes belong to no tensor");
        }
        return tensors;
    }

    @Override
    public void close() {
        file.close();
    }
}
