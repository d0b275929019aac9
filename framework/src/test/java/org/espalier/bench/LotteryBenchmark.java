package org.espalier.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.espalier.data.Dataset;
import org.espalier.data.Part;
import org.espalier.launch.CpuDevice;
import org.espalier.measure.Evaluator;
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
 * One part in {@value #PARTS} of a lottery ticket run: 20 rounds from all weights down to 1.4 %, each with its share of
 * the 50,000 steps and of the evaluations of 5,000 validation examples every 100 steps, on MNIST.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class LotteryBenchmark {
    static final int PARTS = 100;
    private static final int ROUNDS = 20;
    private static final int STEPS = 50_000 / PARTS;
    private static final int EVALUATIONS = STEPS / 100;

    private CpuDevice device;
    private Workload workload;
    private Dataset valid;

    @Setup
    public void prepare() throws IOException {
        device = CpuDevice.ofThisMachine();
        workload = Workload.lenet(device, Workload.mnist(Part.TRAIN));
        valid = Workload.mnist(Part.HOLDOUT);
    }

    @TearDown
    public void close() {
        device.close();
    }

    @Benchmark
    public double run() {
        double density = 1;
        double sum = 0;
        for (int round = 0; round < ROUNDS; round++) {
            workload.prune(density);
            workload.train(STEPS);
            Evaluator evaluator = new Evaluator(device, workload.model(), valid);
            for (int i = 0; i < EVALUATIONS; i++) sum += evaluator.score().loss();
            density *= 0.8;
        }
        return sum;
    }
}
