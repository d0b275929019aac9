package org.espalier.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Losses;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Plan;
import org.espalier.models.zoo.Conv;
import org.espalier.models.zoo.Lenet5;
import org.espalier.models.zoo.Resnet;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Forward and backward passes of convolutional networks give the same bits on any number of threads. */
class ConvolutionBitsTest {
    private record Case(String name, Zoo zoo, int[] input, int batch) {}

    @TestFactory
    Stream<DynamicTest> sameBitsOnOneTwoAndThreeThreads() {
        return Stream.of(
                        new Case("Conv-2", new Conv(2, Init.GLOROT_NORMAL), new int[] {1, 28, 28}, 20),
                        new Case("LeNet-5", new Lenet5(Init.GLOROT_NORMAL), new int[] {1, 28, 28}, 33),
                        new Case("ResNet-8", new Resnet(8, Init.HE_NORMAL), new int[] {3, 19, 19}, 13))
                .map(c -> DynamicTest.dynamicTest(c.name, () -> {
                    int[] reference = bits(c, 1);
                    for (int threads : new int[] {2, 3, 2})
                        assertThat(bits(c, threads)).as(threads + " threads").isEqualTo(reference);
                    System.out.printf(
                            "ConvolutionBitsTest: %s, batch %d: 1, 2 and 3 threads, bits %08x%n",
                            c.name, c.batch, Arrays.hashCode(reference));
                }));
    }

    private static int[] bits(Case c, int threads) {
        RandomGenerator random = new SplittableRandom(5);
        Model model = c.zoo.build(c.input, 10, 2);
        Graph g = Graph.forTraining();
        Tensor input = model.input(g, c.batch);
        for (int i = 0; i < input.size(); i++) input.value()[i] = random.nextFloat();
        float[] weights = new float[c.batch];
        Arrays.fill(weights, 1f / c.batch);
        Losses.Loss loss = Losses.crossEntropy(
                g, model.forward(g, input), random.ints(c.batch, 0, 10).toArray(), weights);
        g.differentiate();
        List<Integer> bits = new ArrayList<>();
        try (CpuDevice device = new CpuDevice(threads)) {
            Plan plan = device.compile(g.launches());
            for (int step = 0; step < 3; step++) {
                plan.run();
                bits.add(Float.floatToRawIntBits(loss.total()[0]));
                for (Parameter p : model.trainable())
                    for (int i = 0; i < p.size(); i++) p.value()[i] -= 0.01f * p.grad()[i];
            }
        }
        assertThat(loss.total()[0]).isFinite().isPositive();
        for (Parameter p : model.parameters()) for (float x : p.value()) bits.add(Float.floatToRawIntBits(x));
        return bits.stream().mapToInt(Integer::intValue).toArray();
    }
}
