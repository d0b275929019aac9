package org.espalier.data.select;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.espalier.data.file.Digest;
import org.espalier.data.file.DurableFile;
import org.espalier.data.select.DocumentStream.Extent;

/**
 * DSIR over files: fits the distributions of hashed n-grams, weighs every raw document, resamples, and writes the chosen ones in the
 * order of the files (Xie et al., 2023; equal to the authors' package data-selection 1.0.3 with one process per raw file). Memory
 * does not grow with the files, apart from one bit for each line and the numbers of those chosen; what is finished stands on disk
 * file by file, and a job that was killed goes on with the file that it was at.
 */
public final class ResampleJob {
    private final ResampleRequest request;
    private final ResampleFolder folder;
    private final DocumentStream stream;
    private final NgramFit fit;
    private final Consumer<String> note;

    /** Blocks of raw files that were read whole while fitting, so that they need not be read again. */
    private final Map<Integer, NgramFit.Fitted> read = new HashMap<>();

    private ResampleJob(ResampleRequest request, ResampleFolder folder, DocumentStream stream, Consumer<String> note) {
        this.request = request;
        this.folder = folder;
        this.stream = stream;
        this.fit = new NgramFit(stream, request.buckets());
        this.note = note;
    }

    /**
     * Selects into {@code out}, or says what was selected there before.
     *
     * @param note told what is being done
     * @return the content of {@code selection.json}
     * @throws IOException where a file is not what it should be, naming file and line, or something else is in {@code out}
     * @throws IllegalArgumentException where as many documents are asked for as there are candidates, or none
     */
    public static Map<String, Object> run(ResampleRequest request, Path out, int threads, Consumer<String> note)
            throws IOException {
        ResampleFolder folder = ResampleFolder.open(out, request);
        Optional<Map<String, Object>> done = folder.selection();
        if (done.isPresent()) {
            note.accept("this was selected before");
            return done.get();
        }
        try (DocumentStream stream =
                new DocumentStream(threads, request.order(), request.buckets(), request.words(), request.skipBad())) {
            return new ResampleJob(request, folder, stream, note).run();
        }
    }

    private Map<String, Object> run() throws IOException {
        NgramCounts raw = new NgramCounts(request.buckets());
        for (int file = 0; file < request.raw().size(); file++) {
            raw.add(fitRaw(file));
        }
        refuseEmpty(raw, request.raw());
        List<NgramCounts> targets = new ArrayList<>();
        for (int target = 0; target < request.targets().size(); target++) {
            targets.add(fitTarget(target));
        }
        List<LogRatio> ratios = ratios(targets, raw);
        List<Extent> extents = new ArrayList<>();
        for (int file = 0; file < request.raw().size(); file++) {
            extents.add(weigh(file, ratios));
        }
        WeighedCorpus corpus = new WeighedCorpus(request, folder, extents, ratios.size());
        double[] proportions = proportions(targets);
        int[] budgets = Resampling.budgets(request.budget(corpus.documents()), proportions);
        note.accept("choosing " + Arrays.stream(budgets).sum() + " of " + corpus.candidates() + " candidates");
        Optional<GumbelNoise> noise = request.topK() ? Optional.empty() : Optional.of(new GumbelNoise(request.seed()));
        List<BitSet> chosen = Resampling.choose(corpus, budgets, noise);
        NgramCounts selected = write(corpus, chosen);
        Map<String, Object> account =
                new SelectionAccount(request, folder, corpus).of(targets, raw, selected, proportions, chosen);
        folder.selection(account);
        return account;
    }

    private NgramCounts fitRaw(int file) throws IOException {
        String name = "fit/raw-" + file;
        Optional<NgramCounts> saved = folder.counts(name);
        if (saved.isPresent()) {
            return saved.get();
        }
        Path path = request.raw().get(file);
        note.accept("fitting " + path);
        long limit = request.fit() == ResampleRequest.ALL
                ? ResampleRequest.ALL
                : request.fit() / request.raw().size();
        NgramFit.Fitted fitted = fit.fit(path, request.field(), limit, true);
        if (fitted.blocks() != null) {
            read.put(file, fitted);
        }
        folder.counts(name, fitted.counts());
        return fitted.counts();
    }

    private NgramCounts fitTarget(int target) throws IOException {
        String name = "fit/target-" + target;
        Path path = request.targets().get(target);
        Optional<NgramCounts> saved = folder.extent(name).isPresent() ? folder.counts(name) : Optional.empty();
        if (saved.isPresent()) {
            return saved.get();
        }
        note.accept("fitting target " + path);
        long limit = request.separate() ? request.fit() : ResampleRequest.ALL;
        NgramFit.Fitted fitted = fit.fit(path, request.targetField(), limit, false);
        refuseEmpty(fitted.counts(), List.of(path));
        Extent extent = fitted.extent();
        Digest digest = extent.digest() == null ? Digest.of(path) : extent.digest();
        folder.counts(name, fitted.counts());
        folder.extent(name, new Extent(digest, extent.lines(), extent.skipped()));
        return fitted.counts();
    }

    private static void refuseEmpty(NgramCounts counts, List<Path> files) throws IOException {
        if (counts.total() == 0) {
            throw new IOException("there is no n-gram in " + files + ": nothing can be fitted to that");
        }
    }

    private List<LogRatio> ratios(List<NgramCounts> targets, NgramCounts raw) {
        if (request.separate()) {
            return targets.stream().map(target -> new LogRatio(target, raw)).toList();
        }
        NgramCounts all = new NgramCounts(request.buckets());
        targets.forEach(all::add);
        return List.of(new LogRatio(all, raw));
    }

    private Extent weigh(int file, List<LogRatio> ratios) throws IOException {
        String name = "weights/" + file;
        Optional<Extent> saved = folder.extent(name);
        if (saved.isPresent()) {
            return saved.get();
        }
        Path path = request.raw().get(file);
        note.accept("weighing " + path);
        Extent[] extent = new Extent[1];
        NgramFit.Fitted fitted = read.get(file);
        DurableFile.replace(folder.weights(file), channel -> {
            if (fitted == null) {
                extent[0] = stream.each(path, request.field(), block -> {
                    channel.write(WeightFile.of(block, ratios, request.order()));
                    return true;
                });
                return;
            }
            stream.each(fitted.blocks(), block -> WeightFile.of(block, ratios, request.order()), channel::write);
            extent[0] = fitted.extent();
        });
        folder.extent(name, extent[0]);
        return extent[0];
    }

    private double[] proportions(List<NgramCounts> targets) {
        if (!request.separate()) {
            return new double[] {1};
        }
        return request.proportions().isEmpty()
                ? targets.stream().mapToDouble(NgramCounts::total).toArray()
                : request.proportions().stream().mapToDouble(p -> p).toArray();
    }

    /** Writes the chosen lines of each file, and returns the n-grams of all of them. */
    private NgramCounts write(WeighedCorpus corpus, List<BitSet> chosen) throws IOException {
        BitSet all = new BitSet();
        chosen.forEach(all::or);
        corpus.list(chosen);
        NgramCounts counts = new NgramCounts(request.buckets());
        for (int file = 0; file < request.raw().size(); file++) {
            Path documents = folder.documents(file);
            BitSet lines = all.get(corpus.first(file), corpus.first(file + 1));
            if (!Files.exists(documents)) {
                note.accept("writing " + documents);
                Path path = request.raw().get(file);
                long count = corpus.first(file + 1) - corpus.first(file);
                DurableFile.replace(documents, channel -> ChosenLines.copy(path, lines, count, channel));
            }
            counts.add(count(file, lines));
        }
        return counts;
    }

    /** The n-grams of the chosen lines of a file: from memory, or of what was written. */
    private NgramCounts count(int file, BitSet lines) throws IOException {
        NgramFit.Fitted fitted = read.get(file);
        return fitted != null
                ? fitted.counts(lines)
                : fit.fit(folder.documents(file), request.field(), ResampleRequest.ALL, false)
                        .counts();
    }
}
