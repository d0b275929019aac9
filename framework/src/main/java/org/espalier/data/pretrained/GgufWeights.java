package org.espalier.data.pretrained;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.espalier.data.file.FileFormatException;
import org.espalier.launch.MappedFile;

/**
 * A tensor of a GGUF file as Hugging Face has it.
 *
 * @param order of its elements
 * @param heads into which rows fall that are {@link Order#INTERLEAVED}
 * @param added what the converter added to every element
 */
record GgufWeights(GgufTensor tensor, Order order, int heads, float added) {
    /** Elements that one thread decodes at a time. */
    private static final int CHUNK = 1 << 17;

    /** How the elements lie, compared with Hugging Face's. */
    enum Order {
        SAME,
        /** Within a head, the rows of its two halves alternate: llama.cpp rotates neighbours, transformers halves. */
        INTERLEAVED,
        /** Rows and columns are exchanged, as GPT-2's Conv1D has them. */
        TRANSPOSED
    }

    static GgufWeights of(GgufFile gguf, GgufArchitecture architecture, Config config, String name, GgufTensor tensor)
            throws IOException {
        return switch (architecture) {
            case LLAMA -> llama(gguf, config, name, tensor);
            case GEMMA3 -> new GgufWeights(tensor, Order.SAME, 1, name.endsWith("norm.weight") ? 1 : 0);
            case GPT2 ->
                new GgufWeights(
                        tensor,
                        name.matches(".*[.](c_attn|c_proj|c_fc)[.]weight") ? Order.TRANSPOSED : Order.SAME,
                        1,
                        0);
        };
    }

    private static GgufWeights llama(GgufFile gguf, Config config, String name, GgufTensor tensor) throws IOException {
        boolean query = name.contains(".q_proj.");
        if (!query && !name.contains(".k_proj.")) {
            return new GgufWeights(tensor, Order.SAME, 1, 0);
        }
        int heads = config.integer(query ? "num_attention_heads" : "num_key_value_heads");
        long rows = tensor.shape().getFirst();
        if (heads < 1 || rows % (2L * heads) != 0 || tensor.shape().size() > 2) {
            throw new FileFormatException(
                    gguf.file().path(),
                    tensor.begin(),
                    "tensor '" + tensor.name() + "' of shape " + tensor.shape() + " does not fall into " + heads
                            + " heads");
        }
        return new GgufWeights(tensor, Order.INTERLEAVED, heads, 0);
    }

    List<Long> shape() {
        return order == Order.TRANSPOSED ? tensor.shape().reversed() : tensor.shape();
    }

    void read(MappedFile file, float[] into) throws IOException {
        switch (order) {
            case SAME -> file.decode(tensor.format(), tensor.begin(), into);
            case INTERLEAVED -> interleaved(file, into);
            case TRANSPOSED -> transposed(file, into);
        }
        subtract(into, 0, into.length);
    }

    void rows(MappedFile file, int first, int count, float[] into, int at) throws IOException {
        if (order != Order.SAME) {
            throw new IllegalArgumentException("the rows of '" + tensor.name() + "' are " + order + " in the file");
        }
        int rows = Math.toIntExact(tensor.shape().getFirst());
        Objects.checkFromIndexSize(first, count, rows);
        int columns = Math.toIntExact(tensor.elements() / rows);
        file.decode(tensor.format(), tensor.begin() + first * rowBytes(file, columns), into, at, count * columns);
        subtract(into, at, count * columns);
    }

    private void subtract(float[] into, int first, int count) {
        if (added == 0) {
            return;
        }
        for (int i = first; i < first + count; i++) {
            into[i] -= added;
        }
    }

    /** Bytes from one row to the next. A bias has one element a row, and a row of one element is a block only in the plain formats. */
    private long rowBytes(MappedFile file, int columns) throws FileFormatException {
        if (columns % tensor.format().weights() != 0) {
            throw new FileFormatException(
                    file.path(), tensor.begin(), "tensor '" + tensor.name() + "' has rows that are no whole blocks");
        }
        return (long) columns / tensor.format().weights() * tensor.format().bytes();
    }

    private void interleaved(MappedFile file, float[] into) throws IOException {
        int rows = Math.toIntExact(tensor.shape().getFirst());
        int columns = into.length / rows;
        int width = rows / heads;
        long rowBytes = rowBytes(file, columns);
        int together = Math.max(1, CHUNK / columns);
        MappedFile.each(Math.ceilDiv(rows, together), slice -> {
            for (int row = slice * together; row < Math.min(rows, (slice + 1) * together); row++) {
                int inHead = row % width;
                int half = inHead / (width / 2);
                int stored = row - inHead + 2 * (inHead % (width / 2)) + half;
                file.decode(tensor.format(), tensor.begin() + stored * rowBytes, into, row * columns, columns);
            }
        });
    }

    /** Stored are rows of {@code columns}; each becomes a column. */
    private void transposed(MappedFile file, float[] into) throws IOException {
        int columns = Math.toIntExact(tensor.columns());
        int rows = into.length / columns;
        long rowBytes = rowBytes(file, columns);
        int together = Math.max(1, CHUNK / columns);
        MappedFile.each(Math.ceilDiv(rows, together), slice -> {
            float[] stored = new float[columns];
            for (int row = slice * together; row < Math.min(rows, (slice + 1) * together); row++) {
                file.decode(tensor.format(), tensor.begin() + row * rowBytes, stored, 0, columns);
                for (int column = 0; column < columns; column++) {
                    into[column * rows + row] = stored[column];
                }
            }
        });
    }
}
