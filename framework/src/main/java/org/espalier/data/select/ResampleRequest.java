package org.espalier.data.select;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.espalier.data.ngram.HashedNgrams;
import org.espalier.data.ngram.WordRule;

/**
 * What is to be selected out of what, and how.
 *
 * @param raw the files to choose from, JSON lines, plain or packed
 * @param targets the files that say what the chosen text should be like
 * @param field of a raw object that has its text
 * @param targetField of a target object
 * @param order the longest n-grams
 * @param buckets number of buckets that n-grams are hashed into
 * @param words what makes words
 * @param minLength tokens that a document needs to be a candidate
 * @param fit n-grams of the raw text after which fitting stops, shared out over its files; {@link #ALL} for no limit. Targets are
 *     fitted whole, unless they are {@code separate}
 * @param keep how many documents; below 1, the share of all documents, rounded down
 * @param seed of the noise
 * @param topK whether the largest weights are taken as they are, without noise
 * @param separate whether each target chooses for itself, one after the other
 * @param proportions the share of each separate target; empty for their sizes in n-grams
 * @param skipBad whether lines that are no documents are passed over and counted; otherwise the first is an error
 */
public record ResampleRequest(
        List<Path> raw,
        List<Path> targets,
        String field,
        String targetField,
        int order,
        int buckets,
        WordRule words,
        int minLength,
        long fit,
        double keep,
        long seed,
        boolean topK,
        boolean separate,
        List<Double> proportions,
        boolean skipBad) {
    /** Fit on everything. */
    public static final long ALL = -1;

    /** @throws IllegalArgumentException where that makes no sense */
    public ResampleRequest {
        raw = List.copyOf(raw);
        targets = List.copyOf(targets);
        proportions = List.copyOf(proportions);
        HashedNgrams.check(order, buckets);
        check(!raw.isEmpty(), "there is no raw file to choose from");
        check(!targets.isEmpty(), "there is no target file");
        check(new HashSet<>(targets).size() == targets.size(), "a target is named twice");
        check(minLength >= 0, "the least length must not be below 0, got " + minLength);
        check(fit == ALL || fit >= 0, "the number of n-grams to fit on must not be below 0, got " + fit);
        check(keep > 0 && keep < Integer.MAX_VALUE, "a selection of nothing: " + keep + " documents are to be kept");
        check(keep < 1 || keep == Math.rint(keep), "a number of documents is whole, got " + keep);
        check(seed >= 0 && seed < 1L << 32, "a seed lies in 0 … 2^32 - 1, not " + seed);
        check(separate || proportions.isEmpty(), "proportions are for separate targets");
        check(
                proportions.isEmpty() || proportions.size() == targets.size(),
                proportions.size() + " proportions for " + targets.size() + " targets");
        check(
                proportions.stream().allMatch(p -> p >= 0 && Double.isFinite(p)),
                "proportions are numbers from 0, got " + proportions);
        check(proportions.isEmpty() || proportions.stream().anyMatch(p -> p > 0), "proportions must not all be 0");
    }

    private static void check(boolean fine, String otherwise) {
        if (!fine) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** What the package calls "auto". */
    public static long automaticFit(int buckets) {
        return 100_000L * buckets;
    }

    /** How many of so many documents are kept. */
    int budget(long documents) {
        return keep >= 1 ? (int) keep : (int) Math.floor(keep * documents);
    }
}
