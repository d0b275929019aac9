package org.espalier.bench;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.espalier.data.TokenWindows;
import org.espalier.engine.Parameter;
import org.espalier.launch.CpuDevice;
import org.espalier.models.Model;
import org.espalier.models.Zoo;
import org.espalier.spec.Binder;
import org.espalier.spec.Yaml;
import org.espalier.train.Adapter;
import org.espalier.train.Course;
import org.espalier.train.NamedArrays;
import org.espalier.train.Optimiser;
import org.espalier.train.Trainer;
import org.espalier.train.Training;
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

/**
 * A training step of a Llama of 5.8 million weights, AdamW, 8 windows of 256 tokens: of all weights, and of LoRA beside seven linears a
 * block. What a training does once, tracing and making its arrays, is spread over {@value #STEPS} steps; the peers are not charged for it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LanguageBenchmark {
    private static final int STEPS = 16;
    private static final int VOCABULARY = 4096;
    private static final int WINDOWS = 64;

    /** Tokens of an update. */
    static final int TOKENS = 8 * 256;

    /** Weights that a token is multiplied with: four and three matrices in each of six blocks, and the table of tokens. */
    static final double MULTIPLIED = 6 * (4 * 256 * 256 + 3 * 256 * 688) + VOCABULARY * 256;

    private CpuDevice device;
    private Model model;
    private TokenWindows data;
    private Optimiser optimiser;
    private Adapter lora;

    @Setup
    public void prepare() {
        device = CpuDevice.ofThisMachine();
        String llama = "{ llama: { vocabulary: 4096, width: 256, layers: 6, heads: 8, hidden: 688, tied: true } }";
        model = Binder.bind(Zoo.class, Yaml.parse(llama, "benchmark")).build(new int[] {256}, 0, 1);
        int[] tokens =
                new SplittableRandom(1).ints(WINDOWS * 256, 0, VOCABULARY).toArray();
        int[] starts = IntStream.range(0, WINDOWS).map(i -> i * 256).toArray();
        data = new TokenWindows("random", "", VOCABULARY, 256, tokens, starts);
        lora = Binder.bind(Adapter.class, Yaml.parse("{ lora: { rank: 16, alpha: 32 } }", "benchmark"));
        optimiser = Binder.bind(Optimiser.class, Yaml.parse("{ adamw: { rate: 1e-3 } }", "benchmark"));
    }

    @TearDown
    public void close() {
        device.close();
    }

    @Benchmark
    @OperationsPerInvocation(STEPS)
    public void step() {
        train(Optional.empty());
    }

    @Benchmark
    @OperationsPerInvocation(STEPS)
    public void lora() {
        train(Optional.of(lora));
        for (Parameter weight : model.weights()) weight.replaceProduct(null);
        for (Parameter p : model.parameters()) p.freeze(false);
    }

    private void train(Optional<Adapter> adapter) {
        Course course = new Course(8, STEPS, 0, optimiser, 0, false);
        Training training = new Training(device, model, data, course, 1, "benchmark", new NamedArrays());
        new Trainer(training, adapter, List.of()).train(0, (step, loss) -> true);
    }
}
