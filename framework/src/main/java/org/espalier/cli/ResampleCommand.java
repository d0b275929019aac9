package org.espalier.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.espalier.data.ngram.WordRule;
import org.espalier.data.select.ResampleJob;
import org.espalier.data.select.ResampleRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "resample",
        description = "Select documents that resemble a target, by importance resampling of hashed n-grams (DSIR).")
final class ResampleCommand implements Callable<Integer> {
    @Mixin
    private Output output;

    @Option(
            names = "--raw",
            required = true,
            arity = "1..*",
            paramLabel = "FILE",
            description = "What to choose from: JSON lines, plain or packed by gzip or Zstandard.")
    private List<Path> raw;

    @Option(
            names = "--target",
            required = true,
            arity = "1..*",
            paramLabel = "FILE",
            description = "What the chosen text should be like: files of the same kind.")
    private List<Path> targets;

    @Option(
            names = "--keep",
            required = true,
            paramLabel = "K",
            description = "How many documents; below 1, which share of all.")
    private double keep;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FOLDER",
            description = "Where to: a new folder, or one where the same was begun.")
    private Path out;

    @Option(
            names = "--field",
            defaultValue = "text",
            paramLabel = "NAME",
            description = "The field that has the text (default: text).")
    private String field;

    @Option(
            names = "--target-field",
            paramLabel = "NAME",
            description = "The same in target files (default: as in raw files).")
    private String targetField;

    @Option(
            names = "--ngrams",
            defaultValue = "2",
            paramLabel = "N",
            description = "Tokens of the longest n-grams (default: 2).")
    private int ngrams;

    @Option(
            names = "--buckets",
            defaultValue = "10000",
            paramLabel = "N",
            description = "How many buckets they are hashed into (default: 10000).")
    private int buckets;

    @Option(
            names = "--words",
            defaultValue = "unicode",
            paramLabel = "RULE",
            description =
                    "Which characters make words: unicode, as NLTK since 3.10, or python, as before (default: unicode).")
    private WordRule words;

    @Option(
            names = "--min-length",
            defaultValue = "100",
            paramLabel = "N",
            description = "Tokens a document needs to be chosen (default: 100).")
    private int minLength;

    @Option(
            names = "--fit",
            defaultValue = "auto",
            paramLabel = "N",
            description = "Fit on so many raw n-grams: a number, all, or auto, 100,000 a bucket (default: auto).")
    private String fit;

    @Option(names = "--seed", defaultValue = "0", paramLabel = "N", description = "Of the noise (default: 0).")
    private long seed;

    @Option(names = "--top-k", description = "Take the largest weights, without noise.")
    private boolean topK;

    @Option(names = "--separate", description = "Choose for each target by itself, one after the other.")
    private boolean separate;

    @Option(
            names = "--proportions",
            split = ",",
            paramLabel = "P",
            description = "The share of each separate target (default: by size).")
    private List<Double> proportions;

    @Option(names = "--skip-bad-lines", description = "Pass over lines that are no documents, and count them.")
    private boolean skipBad;

    @Option(names = "--threads", paramLabel = "N", description = "How many to use (default: as many as processors).")
    private Integer threads;

    @Override
    public Integer call() throws IOException {
        long start = System.nanoTime();
        int workers = threads == null
                ? Integer.getInteger("espalier.threads", Runtime.getRuntime().availableProcessors())
                : threads;
        if (workers < 1) throw new Refusal("--threads must be at least 1, got " + workers);
        Map<String, Object> account = ResampleJob.run(request(), out, workers, output::note);
        output.result(account, () -> text(account));
        output.note(String.format(Locale.ROOT, "%.2f s", (System.nanoTime() - start) / 1e9));
        return 0;
    }

    private ResampleRequest request() {
        try {
            return new ResampleRequest(
                    raw,
                    targets,
                    field,
                    targetField == null ? field : targetField,
                    ngrams,
                    buckets,
                    words,
                    minLength,
                    limit(),
                    keep,
                    seed,
                    topK,
                    separate,
                    proportions == null ? List.of() : proportions,
                    skipBad);
        } catch (IllegalArgumentException e) {
            throw new Refusal(e.getMessage());
        }
    }

    private long limit() {
        return switch (fit) {
            case "all" -> ResampleRequest.ALL;
            case "auto" -> ResampleRequest.automaticFit(buckets);
            default -> number();
        };
    }

    private long number() {
        try {
            long limit = Long.parseLong(fit);
            if (limit >= 0) return limit;
        } catch (NumberFormatException e) {
            // said below, as for a number below 0
        }
        throw new Refusal("--fit is a number, all, or auto, not " + fit);
    }

    private String text(Map<String, Object> account) {
        return "chosen: " + account.get("chosen") + " of " + account.get("candidates") + " candidates among "
                + account.get("documents") + " documents, in " + out + "\nkl-reduction: " + account.get("kl-reduction");
    }
}
