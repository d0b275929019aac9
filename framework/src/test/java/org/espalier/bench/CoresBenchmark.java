package org.espalier.bench;

import java.util.concurrent.TimeUnit;
import org.espalier.launch.CpuDevice;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a machine's second core is worth: training steps of LeNet-300-100 on one thread, alone and twice at once without anything in
 * common. Virtual machines may have two processors that are one core, or that wait for one another in other ways.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 9, time = 1)
@Fork(1)
public class CoresBenchmark {
    private static final int STEPS = 500;

    private CpuDevice device;
    private Workload workload;

    @Setup
    public void prepare() {
        device = new CpuDevice(1);
        workload = Workload.lenet(device, Workload.random(10_000, 1, 28, 28));
    }

    @TearDown
    public void close() {
        device.close();
    }

    @Benchmark
    @Threads(1)
    @OperationsPerInvocation(STEPS)
    public void alone() {
        workload.train(STEPS);
    }

    @Benchmark
    @Threads(2)
    @OperationsPerInvocation(STEPS)
    public void together() {
        workload.train(STEPS);
    }
}
