package org.espalier.data.select;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.espalier.data.ngram.HashedNgrams;

/**
 * The log importance weights of one raw file on disk, as little-endian doubles: for each of its lines the length in tokens (-1 where
 * the line is no document) and a weight for each target.
 */
final class WeightFile {
    private static final int LINES_AT_ONCE = 1 << 12;

    private final Path file;
    private final int targets;

    WeightFile(Path file, int targets) {
        this.file = file;
        this.targets = targets;
    }

    private static ByteBuffer buffer(int doubles) {
        return ByteBuffer.allocate(doubles * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** What the lines of a block add to a file. */
    static ByteBuffer of(NgramBlock block, List<LogRatio> ratios, int order) {
        ByteBuffer out = buffer(block.counts().length * (1 + ratios.size()));
        int at = 0;
        for (int count : block.counts()) {
            boolean document = count != NgramBlock.NO_DOCUMENT;
            int end = at + (document ? count : 0);
            out.putDouble(document ? HashedNgrams.length(count, order) : NgramBlock.NO_DOCUMENT);
            for (LogRatio ratio : ratios) {
                out.putDouble(ratio.weight(block, at, end));
            }
            at = end;
        }
        return out.flip();
    }

    /** Takes the lines of a file one by one. */
    @FunctionalInterface
    interface Visitor {
        /**
         * @param line from 0
         * @param values length, then the weights
         */
        void accept(int line, double[] values) throws IOException;
    }

    /** Hands over all lines in order. */
    void each(Visitor visitor) throws IOException {
        double[] values = new double[1 + targets];
        ByteBuffer in = buffer(LINES_AT_ONCE * values.length);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            int line = 0;
            while (channel.read(in) >= 0) {
                in.flip();
                while (in.remaining() >= values.length * Double.BYTES) {
                    for (int i = 0; i < values.length; i++) {
                        values[i] = in.getDouble();
                    }
                    visitor.accept(line++, values);
                }
                in.compact();
            }
        }
    }
}
