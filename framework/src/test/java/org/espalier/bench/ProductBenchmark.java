package org.espalier.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.espalier.engine.Rng;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Gemm;
import org.espalier.launch.Plan;
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

/** One 1024 × 1024 × 1024 product, as the layers of a network launch it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 7, time = 1)
@Fork(1)
public class ProductBenchmark {
    static final int SIZE = 1024;

    private CpuDevice device;
    private Plan plan;

    @Setup
    public void compile() {
        device = CpuDevice.ofThisMachine();
        float[] a = random("a"), b = random("b"), c = new float[SIZE * SIZE];
        plan = device.compile(List.of(Gemm.nn("product", c, a, b, SIZE, SIZE, SIZE, false)));
    }

    @TearDown
    public void close() {
        device.close();
    }

    @Benchmark
    public void product() {
        plan.run();
    }

    private static float[] random(String name) {
        var random = Rng.of(1, name, 0);
        float[] values = new float[SIZE * SIZE];
        for (int i = 0; i < values.length; i++) values[i] = random.nextFloat();
        return values;
    }
}
