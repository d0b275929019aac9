package org.espalier.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.espalier.data.TokenWindows;
import org.espalier.data.pretrained.Checkpoint;
import org.espalier.engine.Parameter;
import org.espalier.launch.CpuDevice;
import org.espalier.measure.Evaluator;
import org.espalier.models.Model;
import org.espalier.models.pretrained.PretrainedModel;
import org.espalier.prune.Pruning;
import org.espalier.prune.Recipe;
import org.espalier.spec.Binder;
import org.espalier.spec.Yaml;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Gemma 3 270M, where it was fetched: opening its file, log probabilities of windows of 512 tokens, and pruning it with Wanda on 16
 * windows, whose blocks are scored and masked on the way.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 3)
@Fork(value = 1, jvmArgsAppend = "-Xmx10g")
public class GemmaBenchmark {
    static final int WINDOWS = 16;
    static final int LENGTH = 512;
    private static final Path FILE = Path.of("datasets/cache/gemma-3-270m/gemma-3-270m-q4_k_m.gguf");

    private CpuDevice device;
    private Model model;
    private TokenWindows data;

    @Setup
    public void prepare() throws IOException {
        if (!Files.exists(FILE)) throw new IOException("espalier data fetch gemma-3-270m was not run");
        device = CpuDevice.ofThisMachine();
        model = opened();
        int[] tokens = new SplittableRandom(1)
                .ints(WINDOWS * LENGTH, 0, model.classes())
                .toArray();
        int[] starts = IntStream.range(0, WINDOWS).map(i -> i * LENGTH).toArray();
        data = new TokenWindows("random", "", model.classes(), LENGTH, tokens, starts);
    }

    private static Model opened() throws IOException {
        try (Checkpoint file = Checkpoint.open(FILE)) {
            return PretrainedModel.open(file, LENGTH);
        }
    }

    @TearDown
    public void close() {
        device.close();
    }

    @Benchmark
    public Model open() throws IOException {
        return opened();
    }

    @Benchmark
    public Evaluator.Score windows() {
        return new Evaluator(device, model, data).score();
    }

    @Benchmark
    public List<Pruning.Change> wanda() {
        for (Parameter weight : model.weights()) weight.mask(null);
        Recipe recipe = Binder.bind(
                Recipe.class,
                Yaml.parse("{ score: wanda, pattern: { unstructured: { within: row } }, ratio: 0.5 }", "benchmark"));
        return new Pruning(device, model, recipe, 1, "benchmark")
                .prune(new Pruning.Calibration(data, WINDOWS, Pruning.Order.SEQUENTIAL));
    }
}
