package org.espalier.bench;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.espalier.data.TokenWindows;
import org.espalier.launch.CpuDevice;
import org.espalier.models.Model;
import org.espalier.models.Zoo;
import org.espalier.spec.Binder;
import org.espalier.spec.Yaml;
import org.espalier.train.Course;
import org.espalier.train.NamedArrays;
import org.espalier.train.Optimiser;
import org.espalier.train.Trainer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A training step of a Llama of 5.8 million weights, AdamW, 8 windows of 256 tokens. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 7, time = 3)
@Fork(1)
public class LanguageBenchmark {
    private static final int STEPS = 4;
    private static final int VOCABULARY = 4096;
    private static final int WINDOWS = 64;

    private CpuDevice device;
    private Model model;
    private TokenWindows data;
    private Optimiser optimiser;

    @Setup
    public void prepare() {
        device = CpuDevice.ofThisMachine();
        String llama = "{ llama: { vocabulary: 4096, width: 256, layers: 6, heads: 8, hidden: 688, tied: true } }";
        model = Binder.bind(Zoo.class, Yaml.parse(llama, "benchmark")).build(new int[] {256}, 0, 1);
        int[] tokens =
                new SplittableRandom(1).ints(WINDOWS * 256, 0, VOCABULARY).toArray();
        int[] starts = IntStream.range(0, WINDOWS).map(i -> i * 256).toArray();
        data = new TokenWindows("random", "", VOCABULARY, 256, tokens, starts);
        optimiser = Binder.bind(Optimiser.class, Yaml.parse("{ adamw: { rate: 1e-3 } }", "benchmark"));
    }

    @TearDown
    public void close() {
        device.close();
    }

    @Benchmark
    @OperationsPerInvocation(STEPS)
    public void step() {
        new Trainer(
                        device,
                        model,
                        data,
                        new Course(8, STEPS, 0, optimiser, 0, false),
                        1,
                        "benchmark",
                        new NamedArrays())
                .train(0, (step, loss) -> true);
    }
}
