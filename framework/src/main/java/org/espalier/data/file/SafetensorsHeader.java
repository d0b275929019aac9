package org.espalier.data.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The checked header of a safetensors file: an eight-byte little-endian length, then JSON, then the data. Everything is
 * checked before a byte of data is touched, and nothing is allocated on the word of the file alone.
 */
record SafetensorsHeader(Map<String, StoredTensor> tensors, Map<String, String> metadata) {
    static final int LENGTH_BYTES = Long.BYTES;

    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            .maxNestingDepth(4)
            .maxNumberLength(32)
            .maxNameLength(65_536)
            .maxStringLength(8_000_000)
            .build();

    /** Reads and checks the header of {@code file}, which {@code channel} has open. */
    static SafetensorsHeader parse(Path file, FileChannel channel, long headerLimit) throws IOException {
        long size = channel.size();
        if (size < LENGTH_BYTES) {
            throw new FileFormatException(file, size, "the file ends inside the eight bytes of the header's length");
        }
        long length = ByteBuffer.wrap(read(channel, 0, LENGTH_BYTES))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        checkLength(file, length, size, headerLimit);
        byte[] text = read(channel, LENGTH_BYTES, (int) length);
        if (length == 0 || text[0] != '{') {
            throw new FileFormatException(file, LENGTH_BYTES, "the header does not start with '{'");
        }
        checkZeros(file, text);
        checkUtf8(file, ByteBuffer.wrap(text));
        long data = LENGTH_BYTES + length;
        SafetensorsHeader header = readJson(file, text, data);
        header.checkCover(file, data, size);
        return header;
    }

    private static byte[] read(FileChannel channel, long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, from + bytes.position()) < 0) {
                throw new EOFException("the file became shorter while it was read");
            }
        }
        return bytes.array();
    }

    private static void checkLength(Path file, long length, long size, long limit) throws FileFormatException {
        String text = Long.toUnsignedString(length);
        if (length < 0 || length > limit) {
            throw new FileFormatException(file, 0, "a header of " + text + " bytes is over the limit of " + limit);
        }
        if (length > size - LENGTH_BYTES) {
            throw new FileFormatException(file, 0, "a header of " + text + " bytes does not fit a file of " + size);
        }
    }

    /** JSON has no zero bytes, but a parser that sees some takes the text for UTF-16 or UTF-32. */
    private static void checkZeros(Path file, byte[] text) throws FileFormatException {
        for (int i = 0; i < text.length; i++) {
            if (text[i] == 0) {
                throw new FileFormatException(file, LENGTH_BYTES + i, "the header has a zero byte");
            }
        }
    }

    private static void checkUtf8(Path file, ByteBuffer text) throws FileFormatException {
        CharsetDecoder decoder = UTF_8.newDecoder();
        CharBuffer scratch = CharBuffer.allocate(8192);
        CoderResult result;
        do {
            scratch.clear();
            result = decoder.decode(text, scratch, true);
        } while (result.isOverflow());
        if (result.isError()) {
            throw new FileFormatException(file, LENGTH_BYTES + text.position(), "the header is not UTF-8");
        }
    }

    private static SafetensorsHeader readJson(Path file, byte[] text, long data) throws IOException {
        // A factory of its own: symbol tables of untrusted names are not kept after the file is read.
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(LIMITS)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .build();
        try (JsonParser parser = factory.createParser(text)) {
            return new SafetensorsJson(file, parser, data).read();
        } catch (JacksonException e) {
            long at = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
            throw new FileFormatException(file, LENGTH_BYTES + at, "the header is not JSON: " + e.getOriginalMessage());
        } catch (IllegalStateException e) {
            throw new FileFormatException(file, LENGTH_BYTES, "the header's names cannot be read: " + e.getMessage());
        }
    }

    /** The tensors must tile the data without holes, overlaps or bytes left over. */
    private void checkCover(Path file, long data, long size) throws FileFormatException {
        List<StoredTensor> inOrder = new ArrayList<>(tensors.values());
        inOrder.sort(Comparator.comparingLong(StoredTensor::begin).thenComparingLong(StoredTensor::end));
        long covered = data;
        for (StoredTensor tensor : inOrder) {
            if (tensor.begin() != covered) {
                String problem = tensor.begin() < covered ? "overlaps the tensor before it" : "leaves a hole before it";
                throw new FileFormatException(
                        file,
                        tensor.begin(),
                        "tensor '" + tensor.name() + "' starts here and " + problem + ", which ends at byte "
                                + covered);
            }
            covered = tensor.end();
            if (covered > size) {
                throw new FileFormatException(
                        file, size, "the file ends inside tensor '" + tensor.name() + "', which ends at " + covered);
            }
        }
        if (covered != size) {
            throw new FileFormatException(file, covered, (size - covered) + " bytes belong to no tensor");
        }
    }
}
