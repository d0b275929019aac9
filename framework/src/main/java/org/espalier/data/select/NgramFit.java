package org.espalier.data.select;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Counts the n-grams of files, keeping those it has read in memory as far as there is room. */
final class NgramFit {
    /** How many bytes of buckets may be kept: an eighth of the heap. */
    private final long room = Runtime.getRuntime().maxMemory() / 8;

    private final DocumentStream stream;
    private final int buckets;
    private long kept;

    NgramFit(DocumentStream stream, int buckets) {
        this.stream = stream;
        this.buckets = buckets;
    }

    /**
     * A file's n-grams.
     *
     * @param blocks all of the file in order, or null where it was not read to its end or there was no room
     * @param extent of the file; without a digest where it was not read to its end
     */
    record Fitted(NgramCounts counts, List<NgramBlock> blocks, DocumentStream.Extent extent) {
        /** The n-grams of some of the lines of a file that was kept. */
        NgramCounts counts(BitSet lines) {
            NgramCounts some = new NgramCounts(counts.buckets());
            int line = 0;
            for (NgramBlock block : blocks) {
                int at = 0;
                for (int count : block.counts()) {
                    int end = at + Math.max(0, count);
                    if (lines.get(line++)) {
                        some.add(block, at, end);
                    }
                    at = end;
                }
            }
            return some;
        }
    }

    /**
     * Counts up to and with the document that makes it more than {@code limit} n-grams.
     *
     * @param limit or {@link ResampleRequest#ALL}
     * @param keep whether the blocks will be wanted again
     */
    Fitted fit(Path file, String field, long limit, boolean keep) throws IOException {
        NgramCounts counts = new NgramCounts(buckets);
        List<NgramBlock> blocks = new ArrayList<>();
        boolean[] keeping = {keep};
        DocumentStream.Extent extent = stream.each(file, field, block -> {
            keeping[0] = keeping[0] && room(block);
            if (keeping[0]) {
                blocks.add(block);
            } else {
                blocks.forEach(forgotten -> kept -= forgotten.bytes());
                blocks.clear();
            }
            return add(counts, block, limit);
        });
        boolean whole = keeping[0] && extent.digest() != null;
        return new Fitted(counts, whole ? blocks : null, extent);
    }

    private boolean room(NgramBlock block) {
        kept += block.bytes();
        if (kept <= room) {
            return true;
        }
        kept -= block.bytes();
        return false;
    }

    private static boolean add(NgramCounts counts, NgramBlock block, long limit) {
        if (limit == ResampleRequest.ALL || counts.total() + block.size() <= limit) {
            counts.add(block, 0, block.size());
            return true;
        }
        int at = 0;
        for (int count : block.counts()) {
            if (count == NgramBlock.NO_DOCUMENT) {
                continue;
            }
            counts.add(block, at, at + count);
            at += count;
            if (counts.total() > limit) {
                return false;
            }
        }
        return true;
    }
}
