package org.espalier.data.select;

import java.util.Arrays;
import org.espalier.data.file.FileFormatException;
import org.espalier.data.ngram.BadLineException;
import org.espalier.data.ngram.HashedNgrams;
import org.espalier.data.ngram.JsonText;
import org.espalier.data.ngram.LowerCase;
import org.espalier.data.ngram.NgramMemory;
import org.espalier.data.ngram.WordRule;

/** Turns blocks of JSON lines into n-grams; each thread has its own, with a memory that they share. */
final class DocumentReader {
    private final HashedNgrams ngrams;
    private final LowerCase text = new LowerCase();

    DocumentReader(int order, int buckets, WordRule rule, NgramMemory memory) {
        ngrams = new HashedNgrams(order, buckets, rule, memory);
    }

    /**
     * @param skipBad whether a line that is no document is passed over; otherwise it is an error
     * @throws FileFormatException for the first line that is no document, naming it
     */
    NgramBlock read(LineBlock block, String field, boolean skipBad) throws FileFormatException {
        JsonText json = new JsonText(field);
        int[] counts = new int[1 << 8];
        int lines = 0;
        int skipped = 0;
        ngrams.clear();
        for (int from = 0; from < block.length(); ) {
            int end = block.end(from);
            int count = NgramBlock.NO_DOCUMENT;
            if (!block.isBlank(from, end)) {
                try {
                    json.read(block.bytes(), from, end, text);
                    count = ngrams.add(text);
                } catch (BadLineException e) {
                    if (!skipBad) {
                        throw new FileFormatException(
                                block.file(), "line " + (block.first() + lines + 1), e.getMessage());
                    }
                    skipped++;
                }
            }
            if (lines == counts.length) {
                counts = Arrays.copyOf(counts, 2 * lines);
            }
            counts[lines++] = count;
            from = end + 1;
        }
        return NgramBlock.of(Arrays.copyOf(counts, lines), ngrams.held(), ngrams.size(), skipped);
    }
}
