package org.espalier.data.select;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.espalier.data.ngram.HashedNgrams;
import org.espalier.data.ngram.WordRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResampleJobTest {
    @TempDir
    private Path folder;

    /** By hand: ln 1.5 + 2 ln 3 for the document that is the target, up to the smoothing. */
    @Test
    void weighsTheHandCheck() throws IOException {
        Path raw = lines("raw.jsonl", "alice went", "the store", "the alice");
        Path target = lines("target.jsonl", "the store");
        Map<String, Object> account =
                run(request(raw, target).keep(1).minLength(0).withoutNoise(), "out");
        assertThat(weights("out", 0, 1)).hasDimensions(3, 2).satisfies(lines -> {
            assertThat(lines[0]).containsExactly(new double[] {2, -49.36351590540838}, within(1e-12));
            assertThat(lines[1]).containsExactly(new double[] {2, 2.602689550444392}, within(1e-12));
            assertThat(lines[2]).containsExactly(new double[] {2, -32.73459455568407}, within(1e-12));
        });
        assertThat(folder.resolve("out/0.jsonl")).hasContent("{\"text\": \"the store\"}\n");
        assertThat(folder.resolve("out/chosen.csv"))
                .hasContent("id,file,line,length,weight,target\n1,0,2,2," + weights("out", 0, 1)[1][1] + ",0\n");
        assertThat(account).containsEntry("chosen", 1).containsEntry("documents", 3L);
    }

    @Test
    void findsTheSameWithOneThreadAndSeveralAndInPackedFiles() throws IOException {
        Path raw = corpus("raw.jsonl", 1, 8_000);
        Path target = corpus("target.jsonl", 2, 200);
        run(request(raw, target).keep(300), "one", 1);
        Map<String, byte[]> expected = results("one");
        run(request(raw, target).keep(300), "three", 3);
        assertThat(results("three")).usingRecursiveComparison().isEqualTo(expected);
        byte[] plain = Files.readAllBytes(raw);
        Path gz = Files.write(folder.resolve("raw.jsonl.gz"), gzip(plain));
        Path zst = Files.write(folder.resolve("raw.jsonl.zst"), Zstd.compress(plain));
        for (Path packed : List.of(gz, zst)) {
            String out = packed.getFileName() + ".out";
            run(request(packed, target).keep(300), out);
            for (String name : List.of("0.jsonl", "chosen.csv", "weights/0.f64"))
                assertThat(folder.resolve(out).resolve(name)).hasBinaryContent(expected.get(name));
        }
    }

    /** With half of the lines of a file that is read in two halves, numbers run on. */
    @Test
    void takesSeveralFilesForOneRow() throws IOException {
        Path raw = corpus("raw.jsonl", 1, 500);
        Path target = corpus("target.jsonl", 2, 100);
        List<String> all = Files.readAllLines(raw);
        Path first = Files.write(folder.resolve("first.jsonl"), all.subList(0, 200));
        Path second = Files.write(folder.resolve("second.jsonl"), all.subList(200, 500));
        run(request(raw, target).keep(0.1), "whole");
        run(request(List.of(first, second), List.of(target)).keep(0.1), "halves");
        assertThat(Files.readString(folder.resolve("halves/0.jsonl"))
                        + Files.readString(folder.resolve("halves/1.jsonl")))
                .isEqualTo(Files.readString(folder.resolve("whole/0.jsonl")));
        assertThat(Files.readAllLines(folder.resolve("whole/0.jsonl")))
                .hasSize(50)
                .isSubsetOf(all);
    }

    /** A file is read in blocks of a megabyte. */
    @Test
    void takesLinesThatAreLongerThanABlock() throws IOException {
        Path raw = lines("raw.jsonl", "a b ".repeat(700_000), "c d", "e f ".repeat(300_000), "a b");
        Path target = lines("target.jsonl", "a b a b a b");
        run(request(raw, target).keep(1).minLength(0).withoutNoise(), "out");
        assertThat(Stream.of(weights("out", 0, 1)).mapToDouble(line -> line[0]))
                .containsExactly(1_400_000.0, 2.0, 600_000.0, 2.0);
        assertThat(folder.resolve("out/0.jsonl"))
                .content()
                .startsWith("{\"text\": \"a b a b")
                .hasLineCount(1);
    }

    @Test
    void choosesForSeparateTargetsByProportion() throws IOException {
        Path raw = corpus("raw.jsonl", 1, 1_000);
        Path one = corpus("one.jsonl", 2, 50);
        Path two = corpus("two.jsonl", 3, 150);
        Map<String, Object> account =
                run(request(List.of(raw), List.of(one, two)).keep(101).separate(0.5, 0.5), "separate");
        assertThat(Files.readAllLines(folder.resolve("separate/chosen.csv")).stream()
                        .skip(1)
                        .map(line -> line.substring(line.lastIndexOf(',') + 1)))
                .hasSize(101)
                .filteredOn("0"::equals)
                .hasSize(50);
        assertThat(account.get("target").toString()).contains("chosen=50", "chosen=51");
    }

    @Test
    void movesTowardsTheTargetFurtherThanARandomChoice() throws IOException {
        Path raw = corpus("raw.jsonl", 1, 2_000);
        Path target = corpus("target.jsonl", 2, 2_000);
        double chosen = (double) run(request(raw, target).keep(400), "out").get("kl-reduction");
        NgramCounts ofRaw = counts(Files.readAllLines(raw));
        NgramCounts ofTarget = counts(Files.readAllLines(target));
        assertThat(chosen)
                .isEqualTo(KlReduction.of(
                        List.of(ofTarget), ofRaw, counts(Files.readAllLines(folder.resolve("out/0.jsonl")))));
        for (int draw = 0; draw < 5; draw++) {
            List<String> random = new ArrayList<>(Files.readAllLines(raw));
            Collections.shuffle(random, new Random(draw));
            double atRandom = KlReduction.of(List.of(ofTarget), ofRaw, counts(random.subList(0, 400)));
            assertThat(chosen).isGreaterThan(atRandom);
        }
    }

    private static NgramCounts counts(List<String> lines) throws IOException {
        NgramCounts counts = new NgramCounts(10_000);
        HashedNgrams ngrams = new HashedNgrams(2, 10_000, WordRule.PYTHON);
        for (String line : lines)
            counts.add(ngrams.of(new ObjectMapper().readTree(line).get("text").asText()));
        return counts;
    }

    @Test
    void stopsFittingBehindTheDocumentThatIsTooMuch() throws IOException {
        Path raw = lines("raw.jsonl", "a b", "c", "d", "e");
        Path target = lines("target.jsonl", "a");
        run(request(raw, target).keep(1).minLength(0).fit(3), "out");
        // "a b" has three n-grams, which is not more than three; "c" makes it four
        try (Stream<String> counts = ResampleFolder.open(
                        folder.resolve("out"),
                        request(raw, target).keep(1).minLength(0).fit(3).done())
                .counts("fit/raw-0")
                .stream()
                .map(c -> "" + c.total())) {
            assertThat(counts).containsExactly("4");
        }
    }

    /** Whatever was finished when the process ended is taken as it is, and the rest comes out byte for byte the same. */
    @Test
    void goesOnWhereItWasStopped() throws IOException {
        Path first = corpus("first.jsonl", 1, 400);
        Path second = corpus("second.jsonl", 4, 300);
        Path target = corpus("target.jsonl", 2, 100);
        Request request = request(List.of(first, second), List.of(target)).keep(50);
        run(request, "whole");
        Map<String, byte[]> whole = results("whole");
        List<String> order = List.of(
                "request.json",
                "fit/raw-0.counts",
                "fit/raw-1.counts",
                "fit/target-0.counts",
                "fit/target-0.json",
                "weights/0.f64",
                "weights/0.json",
                "weights/1.f64",
                "weights/1.json",
                "chosen.csv",
                "0.jsonl",
                "1.jsonl");
        for (int finished : new int[] {1, 3, 6, 8, 10, 11}) {
            Path out = folder.resolve("stopped-" + finished);
            Files.createDirectories(out.resolve("fit"));
            Files.createDirectories(out.resolve("weights"));
            for (String name : order.subList(0, finished))
                Files.copy(folder.resolve("whole").resolve(name), out.resolve(name));
            Files.writeString(out.resolve(".tmp-1-x-1"), "left by a process that was killed");
            run(request, out.getFileName().toString());
            assertThat(results(out.getFileName().toString()))
                    .usingRecursiveComparison()
                    .isEqualTo(whole);
        }
    }

    @Test
    void saysThatItIsDoneAndOverwritesNothing() throws IOException {
        Path raw = corpus("raw.jsonl", 1, 100);
        Path target = corpus("target.jsonl", 2, 20);
        run(request(raw, target).keep(10), "out");
        List<String> notes = new ArrayList<>();
        ResampleJob.run(request(raw, target).keep(10).done(), folder.resolve("out"), 1, notes::add);
        assertThat(notes).containsExactly("this was selected before");
        assertThatThrownBy(() -> run(request(raw, target).keep(11), "out"))
                .hasMessageContaining("nothing is overwritten");
        Files.writeString(Files.createDirectory(folder.resolve("mine")).resolve("a"), "");
        assertThatThrownBy(() -> run(request(raw, target).keep(1), "mine")).hasMessageContaining("is not empty");
    }

    @Test
    void refusesAFileThatIsCutInTheMiddle() throws IOException {
        Path target = corpus("target.jsonl", 2, 20);
        byte[] plain = Files.readAllBytes(corpus("raw.jsonl", 1, 5_000));
        byte[] gzip = gzip(plain);
        byte[] zstd = Zstd.compress(plain);
        Path cut = write("cut.jsonl", Arrays.copyOf(plain, plain.length - 10));
        assertThatThrownBy(() -> run(request(cut, target), "a"))
                .hasMessageMatching(".*cut.jsonl, line 5000: (ends inside a string|is no JSON.*)");
        Path cutGz = write("cut.gz", Arrays.copyOf(gzip, gzip.length / 2));
        assertThatThrownBy(() -> run(request(cutGz, target), "b"))
                .hasMessageMatching(".*cut.gz, line \\d+: the packed file is cut off or damaged here.*");
        Path cutTrailer = write("trailer.gz", Arrays.copyOf(gzip, gzip.length - 3));
        assertThatThrownBy(() -> run(request(cutTrailer, target), "c")).hasMessageContaining("cut off");
        Path cutZst = write("cut.zst", Arrays.copyOf(zstd, zstd.length / 2));
        assertThatThrownBy(() -> run(request(cutZst, target), "d")).hasMessageContaining("cut off");
        gzip[gzip.length / 2] ^= 0x55;
        Path damaged = write("damaged.gz", gzip);
        assertThatThrownBy(() -> run(request(damaged, target), "e")).isInstanceOf(IOException.class);
    }

    @Test
    void refusesWhatFollowsPackedDataAndWhatIsNotPacked() throws IOException {
        Path target = corpus("target.jsonl", 2, 20);
        byte[] gzip = gzip(Files.readAllBytes(corpus("raw.jsonl", 1, 100)));
        ByteArrayOutputStream more = new ByteArrayOutputStream();
        more.write(gzip);
        more.write("rubbish that is no gzip member at all".getBytes(ISO_8859_1));
        Path followed = write("followed.gz", more.toByteArray());
        assertThatThrownBy(() -> run(request(followed, target), "a")).hasMessageContaining("something follows");
        Path plain = write("plain.gz", "{\"text\": \"a\"}".getBytes(ISO_8859_1));
        assertThatThrownBy(() -> run(request(plain, target), "b")).hasMessageContaining("not what its name says");
        Path empty = write("empty.zst", new byte[0]);
        assertThatThrownBy(() -> run(request(empty, target), "c")).hasMessageContaining("not what its name says");
        more.reset();
        more.write(gzip);
        more.write(gzip);
        Path twice = write("twice.gz", more.toByteArray());
        assertThat(run(request(twice, target).keep(10), "d")).containsEntry("documents", 200L);
    }

    @Test
    void namesTheLineThatIsNoDocumentOrSkipsAndCountsIt() throws IOException {
        Path target = corpus("target.jsonl", 2, 20);
        List<String> lines = new ArrayList<>(Files.readAllLines(corpus("good.jsonl", 1, 100), ISO_8859_1));
        lines.add(50, "");
        lines.add(60, "{\"text\": \"\u00ff\"}");
        lines.add(70, "{\"txt\": \"a\"}");
        Path raw = write("raw.jsonl", String.join("\r\n", lines).getBytes(ISO_8859_1));
        assertThatThrownBy(() -> run(request(raw, target).keep(10), "a"))
                .hasMessageEndingWith("raw.jsonl, line 61: is not UTF-8");
        Map<String, Object> account = run(request(raw, target).keep(99).skippingBad(), "b");
        assertThat(account).containsEntry("documents", 100L).containsEntry("chosen", 99);
        assertThat(account.get("raw").toString()).contains("skipped-lines=2");
        assertThat(Files.readAllLines(folder.resolve("b/0.jsonl"))).hasSize(99).doesNotContain("");
    }

    @Test
    void refusesNothingToFitToAndNothingToChoose() throws IOException {
        Path raw = corpus("raw.jsonl", 1, 100);
        Path empty = write("empty.jsonl", new byte[0]);
        Path blank = lines("blank.jsonl", "", " ");
        Path target = corpus("target.jsonl", 2, 20);
        assertThatThrownBy(() -> run(request(raw, empty).keep(10), "a"))
                .hasMessageContaining("no n-gram in")
                .hasMessageContaining("empty.jsonl");
        assertThatThrownBy(() -> run(request(raw, blank).keep(10), "b")).hasMessageContaining("blank.jsonl");
        assertThatThrownBy(() -> run(request(empty, target).keep(10), "c")).hasMessageContaining("empty.jsonl");
        assertThatThrownBy(() -> run(request(raw, target).keep(0.001), "d"))
                .hasMessageContaining("a selection of nothing");
        assertThatThrownBy(() -> run(request(raw, target).keep(100), "e"))
                .hasMessageContaining("cannot choose 100 of 100");
        assertThatThrownBy(() -> run(request(raw, target).keep(10).minLength(1_000), "f"))
                .hasMessageContaining("cannot choose 10 of 0");
        assertThatThrownBy(() -> request(raw, target).keep(0).done()).hasMessageContaining("a selection of nothing");
        assertThatThrownBy(() -> request(raw, target).keep(1.5).done()).hasMessageContaining("whole");
        assertThatThrownBy(() -> request(raw, target).separate(1.0, 2.0).done())
                .hasMessageContaining("2 proportions for 1 targets");
        assertThatThrownBy(() -> run(request(folder.resolve("none.jsonl"), target), "g"))
                .hasMessageContaining("there is no file");
    }

    /** The fixture of the authors' own tests, where someone has put it: their numbers for it, with seed 0. */
    @Test
    void agreesWithTheAuthorsFixture() throws IOException {
        Path fixture = Path.of(System.getProperty("espalier.dsir.fixture", "none"));
        assumeTrue(Files.isDirectory(fixture), "the fixture is not here");
        Path raw = fixture.resolve("toy_pile_data.jsonl");
        Request request = request(List.of(raw, raw), List.of(fixture.resolve("toy_target_data.jsonl")))
                .keep(10)
                .minLength(100)
                .field("contents");
        Map<String, Object> account = run(request, "out");
        assertThat(account).containsEntry("candidates", 1586L);
        double[][] lines = weights("out", 0, 1);
        assertThat(Stream.of(lines).limit(5).mapToDouble(line -> line[1]).toArray())
                .containsExactly(
                        new double[] {
                            922.2629872263734,
                            -1093.8917037364033,
                            -2284.923559110741,
                            -2488.817700437543,
                            -2231.3517269200656
                        },
                        within(1e-8));
        assertThat(Stream.of(lines).limit(5).mapToDouble(line -> line[0]).toArray())
                .containsExactly(155, 93, 157, 165, 162);
        assertThat(Files.readAllLines(folder.resolve("out/chosen.csv")).stream()
                        .skip(1)
                        .map(line -> line.split(",")[0]))
                .containsExactly("0", "65", "198", "450", "754", "1000", "1065", "1198", "1450", "1754");
    }

    private Path corpus(String name, int seed, int documents) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        String[] texts = new String[documents];
        for (int i = 0; i < documents; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(20, 60); j >= 0; j--)
                text.append("w")
                        .append((int) (Math.pow(random.nextDouble(), seed) * 500))
                        .append(j % 9 == 0 ? ", é" : " ");
            texts[i] = text.toString();
        }
        return lines(name, texts);
    }

    private Path lines(String name, String... texts) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String text : texts)
            all.append("{\"text\": ")
                    .append(new ObjectMapper().writeValueAsString(text))
                    .append("}\n");
        return Files.writeString(folder.resolve(name), all);
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        }
        return packed.toByteArray();
    }

    private double[][] weights(String out, int file, int targets) throws IOException {
        List<double[]> all = new ArrayList<>();
        new WeightFile(folder.resolve(out + "/weights/" + file + ".f64"), targets)
                .each((line, values) -> all.add(values.clone()));
        return all.toArray(double[][]::new);
    }

    /** All files of a selection. */
    private Map<String, byte[]> results(String out) throws IOException {
        Map<String, byte[]> results = new TreeMap<>();
        Path root = folder.resolve(out);
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList())
                results.put(root.relativize(file).toString(), Files.readAllBytes(file));
        }
        return results;
    }

    private Map<String, Object> run(Request request, String out) throws IOException {
        return run(request, out, 2);
    }

    private Map<String, Object> run(Request request, String out, int threads) throws IOException {
        return ResampleJob.run(request.done(), folder.resolve(out), threads, note -> {});
    }

    private static Request request(Path raw, Path target) {
        return request(List.of(raw), List.of(target));
    }

    private static Request request(List<Path> raw, List<Path> targets) {
        return new Request(raw, targets, "text", 10, ResampleRequest.ALL, 10, false, false, List.of(), false);
    }

    private record Request(
            List<Path> raw,
            List<Path> targets,
            String field,
            int minLength,
            long fit,
            double keep,
            boolean topK,
            boolean separate,
            List<Double> proportions,
            boolean skipBad) {
        Request field(String name) {
            return new Request(raw, targets, name, minLength, fit, keep, topK, separate, proportions, skipBad);
        }

        Request minLength(int tokens) {
            return new Request(raw, targets, field, tokens, fit, keep, topK, separate, proportions, skipBad);
        }

        Request fit(long limit) {
            return new Request(raw, targets, field, minLength, limit, keep, topK, separate, proportions, skipBad);
        }

        Request keep(double count) {
            return new Request(raw, targets, field, minLength, fit, count, topK, separate, proportions, skipBad);
        }

        Request withoutNoise() {
            return new Request(raw, targets, field, minLength, fit, keep, true, separate, proportions, skipBad);
        }

        Request separate(Double... shares) {
            return new Request(raw, targets, field, minLength, fit, keep, topK, true, List.of(shares), skipBad);
        }

        Request skippingBad() {
            return new Request(raw, targets, field, minLength, fit, keep, topK, separate, proportions, true);
        }

        ResampleRequest done() {
            return new ResampleRequest(
                    raw,
                    targets,
                    field,
                    field,
                    2,
                    10_000,
                    WordRule.PYTHON,
                    minLength,
                    fit,
                    keep,
                    0,
                    topK,
                    separate,
                    proportions,
                    skipBad);
        }
    }
}
