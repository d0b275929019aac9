package org.espalier.bench;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.espalier.data.file.DurableFile;
import org.espalier.data.ngram.WordRule;
import org.espalier.data.select.ResampleJob;
import org.espalier.data.select.ResampleRequest;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * DSIR from files to files: fitting, weighing and resampling a tenth of {@value #MEGABYTES} MB of JSON lines. Words follow Zipf's law,
 * and four in five are drawn from what the word before them is mostly followed by, so that new pairs come about as often as in the
 * Brown corpus (0.4 of a million tokens). The peer reads the same files.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 12)
@Measurement(iterations = 7)
@Fork(1)
public class DsirBenchmark {
    static final int MEGABYTES = 60;
    private static final Path FOLDER = Path.of("reports/bench/dsir");
    private static final Path RAW = FOLDER.resolve("raw.jsonl");
    private static final Path TARGET = FOLDER.resolve("target.jsonl");
    private static final Path OUT = FOLDER.resolve("ours");
    private static final int WORDS = 60_000;
    private static final String LETTERS = "etaoinshrdlucmfwypvbgkjqxzé";

    @Setup
    public void generate() throws IOException {
        Files.createDirectories(FOLDER);
        write(RAW, MEGABYTES * 1_000_000L, 1);
        write(TARGET, 1_000_000, 2);
    }

    private static void write(Path file, long bytes, long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        String[] words = new String[WORDS];
        SplittableRandom letters = new SplittableRandom(0);
        for (int i = 0; i < WORDS; i++) words[i] = word(letters, i);
        try (Writer out = Files.newBufferedWriter(file)) {
            for (long written = 0; written < bytes; ) {
                String line = "{\"text\": \"" + document(random, words, seed) + "\"}\n";
                out.write(line);
                written += line.getBytes(StandardCharsets.UTF_8).length;
            }
        }
    }

    /** Frequent words are short, as in every language. */
    private static String word(SplittableRandom random, int rank) {
        int length = 1 + (int) (Math.log(rank + 2) / 2) + random.nextInt(3);
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < length; i++) word.append(LETTERS.charAt((int) (27 * Math.pow(random.nextDouble(), 1.6))));
        return word.toString();
    }

    private static String document(SplittableRandom random, String[] words, long seed) {
        StringBuilder text = new StringBuilder();
        int rank = 0;
        for (int i = random.nextInt(80, 400); i > 0; i--) {
            boolean usual = random.nextInt(5) > 0;
            double place = usual
                    ? new SplittableRandom(rank * 1_000L + (int) Math.pow(300, random.nextDouble())).nextDouble()
                    : random.nextDouble();
            rank = (int) Math.pow(WORDS, place) - 1; // of probability about 1 / rank
            String word = words[seed == 1 ? rank : rank * 3 / 2 % WORDS];
            text.append(i % 13 == 0 ? word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1) : word);
            text.append(i % 12 == 0 ? ". " : i % 17 == 0 ? ", " : " ");
        }
        return text.toString();
    }

    @Setup(Level.Invocation)
    @TearDown
    public void clear() throws IOException {
        DurableFile.deleteTree(OUT);
    }

    @Benchmark
    public Map<String, Object> select() throws IOException {
        ResampleRequest request = new ResampleRequest(
                List.of(RAW),
                List.of(TARGET),
                "text",
                "text",
                2,
                10_000,
                WordRule.PYTHON,
                100,
                ResampleRequest.automaticFit(10_000),
                0.1,
                0,
                false,
                false,
                List.of(),
                false);
        int threads =
                Integer.getInteger("espalier.threads", Runtime.getRuntime().availableProcessors());
        return ResampleJob.run(request, OUT, threads, note -> {});
    }
}
