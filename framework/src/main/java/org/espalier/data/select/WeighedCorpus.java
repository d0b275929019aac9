package org.espalier.data.select;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.stream.LongStream;
import org.espalier.data.file.DurableFile;

/** The lines of all raw files in one row, with the weights that stand on disk. */
final class WeighedCorpus implements Resampling.Candidates {
    private final ResampleRequest request;
    private final ResampleFolder folder;
    private final List<DocumentStream.Extent> extents;
    private final int targets;
    private final int[] firsts;
    private final long[] documents;
    private final long[] candidates;

    WeighedCorpus(ResampleRequest request, ResampleFolder folder, List<DocumentStream.Extent> extents, int targets)
            throws IOException {
        this.request = request;
        this.folder = folder;
        this.extents = List.copyOf(extents);
        this.targets = targets;
        firsts = new int[extents.size() + 1];
        documents = new long[extents.size()];
        candidates = new long[extents.size()];
        for (int file = 0; file < extents.size(); file++) {
            long next = firsts[file] + extents.get(file).lines();
            if (next > Integer.MAX_VALUE) {
                throw new IOException("more than " + Integer.MAX_VALUE + " lines: select from parts of them");
            }
            firsts[file + 1] = (int) next;
            count(file);
        }
    }

    private void count(int file) throws IOException {
        weights(file).each((line, values) -> {
            documents[file] += values[0] >= 0 ? 1 : 0;
            candidates[file] += isCandidate(values) ? 1 : 0;
        });
    }

    private boolean isCandidate(double[] values) {
        return values[0] >= 0 && values[0] >= request.minLength();
    }

    private WeightFile weights(int file) {
        return new WeightFile(folder.weights(file), targets);
    }

    /** The number of a file's first line, or for the file behind the last one the number of all lines. */
    int first(int file) {
        return firsts[file];
    }

    DocumentStream.Extent extent(int file) {
        return extents.get(file);
    }

    long documents() {
        return sum(documents);
    }

    long documents(int file) {
        return documents[file];
    }

    /** Documents that are long enough to be chosen. */
    long candidates() {
        return sum(candidates);
    }

    long candidates(int file) {
        return candidates[file];
    }

    private static long sum(long[] values) {
        return LongStream.of(values).sum();
    }

    @Override
    public void each(int target, Resampling.Visitor visitor) throws IOException {
        for (int file = 0; file < extents.size(); file++) {
            int first = firsts[file];
            weights(file).each((line, values) -> {
                if (isCandidate(values)) {
                    visitor.accept(first + line, values[1 + target]);
                }
            });
        }
    }

    /** Lists the chosen documents in the order of the corpus; lines count from 1, everything else from 0. */
    void list(List<BitSet> chosen) throws IOException {
        DurableFile.replace(folder.chosen(), channel -> {
            Writer text = Channels.newWriter(channel, StandardCharsets.UTF_8.newEncoder(), 1 << 16);
            PrintWriter out = new PrintWriter(text);
            out.print("id,file,line,length,weight,target\n");
            for (int file = 0; file < extents.size(); file++) {
                list(file, chosen, out);
            }
            out.flush();
            if (out.checkError()) {
                throw new IOException("the disk took no more");
            }
        });
    }

    private void list(int file, List<BitSet> chosen, PrintWriter out) throws IOException {
        weights(file).each((line, values) -> {
            int id = firsts[file] + line;
            for (int target = 0; target < chosen.size(); target++) {
                if (chosen.get(target).get(id)) {
                    out.print(id + "," + file + "," + (line + 1) + "," + (long) values[0] + "," + values[1 + target]
                            + "," + target + "\n");
                }
            }
        });
    }
}
