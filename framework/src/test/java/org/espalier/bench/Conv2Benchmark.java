package org.espalier.bench;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
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

/** A training step of the lottery ticket paper's Conv-2, batch 60, Adam. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class Conv2Benchmark {
    private static final int STEPS = 20;

    @Param({"1x28x28", "3x32x32"})
    public String input;

    private CpuDevice device;
    private Workload workload;

    @Setup
    public void prepare() {
        device = CpuDevice.ofThisMachine();
        String[] sizes = input.split("x");
        int[] shape = Arrays.stream(sizes).mapToInt(Integer::parseInt).toArray();
        workload = new Workload(device, "{ conv: { blocks: 2 } }", 2e-4, Workload.random(10_000, shape));
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
