package org.espalier.methods.metrics;

import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.espalier.data.TokenWindows;
import org.espalier.engine.ops.RotaryScaling;
import org.espalier.launch.CpuDevice;
import org.espalier.measure.Measurement;
import org.espalier.measure.Metric;
import org.espalier.models.Init;
import org.espalier.models.LanguageModel;
import org.espalier.models.zoo.Llama;

/** A very small language model and five windows of nine tokens. */
final class TextFixture {
    static final int VOCABULARY = 11;
    static final TokenWindows DATA = new TokenWindows(
            "counting",
            "none",
            VOCABULARY,
            9,
            IntStream.range(0, 45).map(i -> i * i % VOCABULARY).toArray(),
            new int[] {0, 9, 18, 27, 36});

    final LanguageModel model = (LanguageModel) new Llama(
                    VOCABULARY,
                    16,
                    2,
                    4,
                    Optional.of(2),
                    Optional.empty(),
                    24,
                    64,
                    10_000,
                    new RotaryScaling.Unscaled(),
                    1e-5,
                    false,
                    Init.GLOROT_NORMAL)
            .build(new int[] {9}, 0, 3);

    Map<String, Double> measure(Metric metric) {
        try (CpuDevice device = new CpuDevice(2)) {
            return metric.measure(new Measurement(device, model, DATA));
        }
    }
}
