package org.espalier.prune;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.espalier.data.TokenWindows;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.ops.Losses;
import org.espalier.engine.ops.RotaryScaling;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Plan;
import org.espalier.models.Init;
import org.espalier.models.Model;
import org.espalier.models.zoo.Llama;
import org.espalier.train.Feed;
import org.junit.jupiter.api.Test;

/** What is kept of the blocks before a weight changes nothing: losses are those of the whole network, bit for bit. */
class LossProbeTest {
    private static final int LENGTH = 12, WINDOWS = 11;
    private static final int[] IDS = IntStream.range(0, WINDOWS).toArray();

    @Test
    void theLossIsThatOfTheWholeNetwork() {
        Model model = new Llama(
                        40,
                        16,
                        3,
                        2,
                        Optional.empty(),
                        Optional.empty(),
                        24,
                        LENGTH,
                        10_000,
                        new RotaryScaling.Unscaled(),
                        1e-5,
                        false,
                        Init.NORMAL)
                .build(new int[] {LENGTH}, 0, 3);
        int[] tokens = new SplittableRandom(5).ints(WINDOWS * LENGTH, 0, 40).toArray();
        int[] starts = IntStream.range(0, WINDOWS).map(i -> i * LENGTH).toArray();
        TokenWindows data = new TokenWindows("tokens", "made", 40, LENGTH, tokens, starts);
        List<Parameter> weights = model.weights();
        try (CpuDevice device = new CpuDevice(2)) {
            LossProbe probe = new LossProbe(device, model, data, IDS);
            assertThat(probe.batches()).isEqualTo(2);
            for (int w : new int[] {0, 5, 9, 20, 8, 1}) { // forward through the blocks, and back
                Parameter weight = weights.get(w);
                float[] before = weight.value().clone(), values = before.clone();
                for (int i = 0; i < values.length; i++) values[i] += 0.1f * (i % 7 - 3);
                for (int b = 0; b < 2; b++)
                    assertThat(probe.loss(b, new Site.Weight(weight), values))
                            .as("%s, batch %d", weight.name(), b)
                            .isEqualTo(whole(device, model, data, b, weight, values));
                assertThat(weight.value()).isEqualTo(before);
            }
        }
    }

    private static double whole(
            CpuDevice device, Model model, TokenWindows data, int batch, Parameter weight, float[] values) {
        float[] before = weight.value().clone();
        weight.load(values);
        Graph graph = Graph.forCalibration();
        Feed feed = new Feed(device, graph, model, data, 8);
        Losses.Loss loss = model.loss(graph, feed.input(), feed.labels(), feed.weights());
        Plan plan = device.compile(graph.launches());
        feed.fillForMean(IDS, batch * 8, Math.min(8, WINDOWS - batch * 8));
        plan.run();
        weight.load(before);
        return loss.total()[0];
    }
}
