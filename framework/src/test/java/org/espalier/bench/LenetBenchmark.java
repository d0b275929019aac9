package org.espalier.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.espalier.data.Part;
import org.espalier.launch.CpuDevice;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A training step of LeNet-300-100, batch 60, Adam, the batch gathered from 55,000 examples: MNIST's, or images without black pixels. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 9, time = 1)
@Fork(1)
public class LenetBenchmark {
    private static final int STEPS = 1000;

    @Param({"1.0", "0.05"})
    public double density;

    @Param({"mnist", "random"})
    public String images;

    private CpuDevice device;
    private Workload workload;

    @Setup
    public void prepare() throws IOException {
        device = CpuDevice.ofThisMachine();
        workload = Workload.lenet(
                device, images.equals("mnist") ? Workload.mnist(Part.TRAIN) : Workload.random(55_000, 1, 28, 28));
        if (density < 1) workload.prune(density);
    }

    @TearDown
    public void close() {
        device.close();
    }

    @Benchmark
    @OperationsPerInvocation(STEPS)
    public void step() {
        workload.train(STEPS);
    }
}
