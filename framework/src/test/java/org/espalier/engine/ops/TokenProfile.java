package org.espalier.engine.ops;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Launch;
import org.espalier.launch.Plan;

/**
 * A tool, run by hand: the time of a training step of a small Llama (argument {@code llama}) or of a forward pass over 512 tokens
 * of Gemma 3 270M's shape ({@code gemma}), and the share of each kind of launch within it. Second argument: threads.
 */
final class TokenProfile {
    private static final TokenNetwork.Shape LLAMA = new TokenNetwork.Shape(256, 6, 688, 8, 8, 32, 4096, 0);
    private static final TokenNetwork.Shape GEMMA = new TokenNetwork.Shape(640, 18, 2048, 4, 1, 256, 262_144, 512);

    private TokenProfile() {}

    public static void main(String[] arguments) {
        boolean llama = arguments[0].equals("llama");
        int rounds = Integer.getInteger("rounds", llama ? 30 : 6);
        TokenNetwork net =
                llama ? new TokenNetwork(LLAMA, 8, 256, true, false) : new TokenNetwork(GEMMA, 1, 512, false, true);
        try (CpuDevice device = new CpuDevice(Integer.parseInt(arguments[1]))) {
            LongSupplier clock = device.threads() == 1
                    ? ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime
                    : System::nanoTime; // with one thread the processor's time, which other processes disturb less
            Plan whole = device.compile(net.launches);
            List<Plan> single = new ArrayList<>();
            for (Launch launch : net.launches) single.add(device.compile(List.of(launch)));
            double[] micros = new double[single.size()];
            double least = Double.MAX_VALUE;
            for (int round = 0; round < rounds; round++) {
                net.advance();
                long begun = clock.getAsLong();
                if (round % 2 == 0) {
                    whole.run();
                    if (round > rounds / 3) least = Math.min(least, (clock.getAsLong() - begun) / 1e6);
                } else {
                    for (int i = 0; i < micros.length; i++) {
                        long start = clock.getAsLong();
                        single.get(i).run();
                        double took = (clock.getAsLong() - start) / 1e3;
                        micros[i] = round <= rounds / 3 || micros[i] == 0 ? took : Math.min(micros[i], took);
                    }
                }
            }
            System.out.printf(
                    "%s: %.1f ms, loss %.4f%n", arguments[0], least, net.loss.total()[0]);
            TreeMap<String, double[]> kinds = new TreeMap<>();
            for (int i = 0; i < micros.length; i++) {
                double[] tally = kinds.computeIfAbsent(
                        net.launches
                                .get(i)
                                .name()
                                .replaceAll("block[0-9]+\\.", "")
                                .replaceAll("\\.[0-9]+", ""),
                        _ -> new double[2]);
                tally[0]++;
                tally[1] += micros[i] / 1e3;
            }
            kinds.entrySet().stream()
                    .sorted((a, b) -> Double.compare(b.getValue()[1], a.getValue()[1]))
                    .forEach(e -> System.out.printf(
                            "  %-26s %4.0f × %8.3f ms%n", e.getKey(), e.getValue()[0], e.getValue()[1]));
        }
    }
}
