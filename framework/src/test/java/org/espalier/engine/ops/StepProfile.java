package org.espalier.engine.ops;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.espalier.engine.Layout;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Launch;
import org.espalier.launch.Plan;

/**
 * A tool, run by hand: the time of a LeNet-300-100 training step by density and threads, and the share of each launch.
 * Arguments: threads, layout, batch, then densities; {@code -Dlaunches=true} lists the launches.
 */
final class StepProfile {
    private StepProfile() {}

    public static void main(String[] arguments) {
        int threads = Integer.parseInt(arguments[0]), batch = Integer.parseInt(arguments[2]);
        Layout layout = Layout.valueOf(arguments[1]);
        for (String density : Arrays.copyOfRange(arguments, 3, arguments.length))
            profile(threads, layout, batch, Double.parseDouble(density));
    }

    private static void profile(int threads, Layout layout, int batch, double density) {
        try (CpuDevice device = new CpuDevice(threads)) {
            Perceptron net = new Perceptron(batch, layout, layer -> density, 784, 300, 100, 10);
            Plan plan = net.compile(device);
            double[] micros = timed(() -> net.train(plan), threads == 1);
            System.out.printf(
                    "%d threads, %s, batch %d, density %s: %.1f µs a step (least %.1f)%n",
                    threads, layout, batch, density, micros[1], micros[0]);
            if (Boolean.getBoolean("launches")) launches(device, net);
        }
    }

    /** Launches one by one, each repeated: caches are warmer than within a step, so the sum falls a little short. */
    private static void launches(CpuDevice device, Perceptron net) {
        List<String> lines = new ArrayList<>();
        double sum = 0;
        for (Launch launch : net.launches) {
            Plan one = device.compile(List.of(launch));
            double micros = timed(one::run, device.threads() == 1)[0];
            sum += micros;
            int slices = (launch.extent() + launch.grain() - 1) / launch.grain();
            lines.add(String.format("  %-24s %8.2f µs in %d slices", launch.name(), micros, slices));
        }
        lines.forEach(System.out::println);
        System.out.printf("  %-24s %8.2f µs%n", "sum", sum);
    }

    /**
     * Least and median time of one run, in microseconds. With one thread it is the processor's time, which other processes on
     * the machine disturb less.
     */
    private static double[] timed(Runnable work, boolean alone) {
        LongSupplier clock = alone ? ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime : System::nanoTime;
        long until = clock.getAsLong() + Long.getLong("warm", 400) * 1_000_000;
        while (clock.getAsLong() < until) work.run();
        double[] micros = new double[41];
        for (int round = 0; round < micros.length; round++) {
            int times = 0;
            long start = clock.getAsLong(), now;
            do {
                for (int i = 0; i < 10; i++) work.run();
                times += 10;
                now = clock.getAsLong();
            } while (now < start + 5_000_000L);
            micros[round] = (now - start) / 1e3 / times;
        }
        Arrays.sort(micros);
        return new double[] {micros[0], micros[micros.length / 2]};
    }
}
