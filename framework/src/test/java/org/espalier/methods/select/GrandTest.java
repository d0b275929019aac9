package org.espalier.methods.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.LongFunction;
import org.espalier.data.Dataset;
import org.espalier.engine.Axis;
import org.espalier.engine.Layout;
import org.espalier.engine.Span;
import org.espalier.launch.CpuDevice;
import org.espalier.models.Init;
import org.espalier.models.Linear;
import org.espalier.models.Model;
import org.espalier.models.Network;
import org.espalier.select.Candidates;
import org.espalier.select.Pools;
import org.espalier.select.Selection;
import org.junit.jupiter.api.Test;

class GrandTest {
    private static Model linear(Dataset data, long seed) {
        Linear layer = Linear.withoutBias(
                "output", Span.of(Axis.of("input", data.features()).pin()), data.classes());
        return Network.of(data.shape(), data.classes(), Layout.COLUMNS, List.of(layer))
                .initialised(Init.GLOROT_NORMAL, seed);
    }

    /** The gradient of a linear softmax layer is (p − y)·xᵀ. */
    @Test
    void ofALinearLayerIsTheErrorTimesTheLengthOfTheInput() {
        Dataset data = Pools.sums();
        LongFunction<Model> fresh = seed -> linear(data, seed);
        Candidates pool = Pools.of(data, 10, 1, fresh, Candidates.Progress.none());
        double[] grand = new Grand(1, 0).select(pool).scores();
        Model same = linear(data, pool.random("grand", 0).nextLong());
        double[] el2n = El2n.errors(new CpuDevice(1), same, data);
        float[] x = new float[data.features()];
        for (int i = 0; i < grand.length; i++) {
            data.copy(i, x, 0);
            double squares = 0;
            for (float v : x) squares += v * v;
            assertThat(grand[i]).isCloseTo(el2n[i] * Math.sqrt(squares), within(1e-5));
        }
    }

    @Test
    void bitsDoNotDependOnThreads() {
        double[] one = new Grand(2, 0).select(Pools.sums(10, 1)).scores();
        try (CpuDevice device = new CpuDevice(3)) {
            assertThat(new Grand(2, 0)
                            .select(Pools.on(device, Pools.sums(10, 1)))
                            .scores())
                    .isEqualTo(one);
        }
    }

    @Test
    void isAveragedOverFreshNetworks() {
        Dataset data = Pools.sums();
        Selection three = new Grand(3, 0).select(Pools.sums(10, 1));
        double[] mean = new double[data.size()];
        for (int run = 0; run < 3; run++) {
            Candidates pool = Pools.sums(10, 1);
            Model model =
                    pool.networks().fresh().apply(pool.random("grand", run).nextLong());
            double[] one = org.espalier.select.ExampleGradients.norms(pool.device(), model, data);
            for (int i = 0; i < mean.length; i++) mean[i] += one[i] / 3;
        }
        for (int i = 0; i < mean.length; i++) assertThat(three.scores()[i]).isCloseTo(mean[i], within(1e-5));
    }
}
