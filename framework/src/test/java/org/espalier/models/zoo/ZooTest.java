package org.espalier.models.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Losses;
import org.espalier.launch.CpuDevice;
import org.espalier.models.Init;
import org.espalier.models.Model;
import org.espalier.models.Zoo;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Sizes as the papers print them, and one step of training on both usual image sizes. */
class ZooTest {
    private static final int[] GREY = {1, 28, 28};
    private static final int[] COLOUR = {3, 32, 32};

    private record Case(String name, Zoo zoo, int[] input, int classes, int weights, int convolutionWeights) {}

    private static Stream<Case> cases() {
        Init init = Init.GLOROT_NORMAL;
        return Stream.of(
                new Case("LeNet-300-100", new Lenet(List.of(300, 100), init), GREY, 10, 266_200, 0),
                new Case("LeNet-5", new Lenet5(init), GREY, 10, 430_500, 25_500),
                new Case("LeNet-5, 32×32", new Lenet5(init), COLOUR, 10, 656_500, 26_500),
                new Case("Conv-2, 28×28", new Conv(2, init), GREY, 10, 3_316_800, 37_440),
                new Case("Conv-2", new Conv(2, init), COLOUR, 10, 4_300_992, 38_592),
                new Case("Conv-4", new Conv(4, init), COLOUR, 10, 2_425_024, 259_776),
                new Case("Conv-4, 28×28", new Conv(4, init), GREY, 10, 1_932_352, 258_624),
                new Case("Conv-6", new Conv(6, init), COLOUR, 10, 2_261_184, 1_144_512),
                new Case("Conv-6, 28×28", new Conv(6, init), GREY, 10, 1_801_280, 1_143_360),
                new Case("ResNet-20", new Resnet(20, init), COLOUR, 10, 270_896, 270_256),
                new Case("ResNet-20, 28×28", new Resnet(20, init), GREY, 10, 270_608, 269_968),
                new Case("VGG-11, 32×32", new Vgg(11, 64, init), COLOUR, 10, 9_222_848, 9_217_728),
                new Case("VGG-11, 28×28", new Vgg(11, 16, init), GREY, 10, 577_424, 576_144),
                new Case("VGG-19", new Vgg(19, 64, init), COLOUR, 10, 20_024_000, 20_018_880),
                new Case("token sum", new TokenSum(2, 500, 48, init), new int[] {134}, 67, 115_000, 0));
    }

    @TestFactory
    Stream<DynamicTest> hasTheWeightsOfThePaper() {
        return cases().map(c -> DynamicTest.dynamicTest(c.name, () -> {
            Model model = c.zoo.build(c.input, c.classes, 1);
            assertThat(model.weights().stream().mapToInt(Parameter::size).sum()).isEqualTo(c.weights);
            assertThat(model.weights().stream()
                            .filter(p -> p.shape().length == 4)
                            .mapToInt(Parameter::size)
                            .sum())
                    .isEqualTo(c.convolutionWeights);
            assertThat(model.weights().getLast().name()).isEqualTo("output.weight");
            assertThat(model.parameters()).extracting(Parameter::name).doesNotHaveDuplicates();
        }));
    }

    @TestFactory
    Stream<DynamicTest> learnsTwoExamplesByHeart() {
        return cases().filter(c -> !c.name.startsWith("VGG-19"))
                .map(c -> DynamicTest.dynamicTest(c.name, () -> learn(c)));
    }

    private static void learn(Case c) {
        RandomGenerator random = new SplittableRandom(5);
        Model model = c.zoo.build(c.input, c.classes, 2);
        Graph g = Graph.forTraining();
        Tensor input = model.input(g, 2);
        for (int i = 0; i < input.size(); i++) input.value()[i] = random.nextFloat();
        Losses.Loss loss = Losses.crossEntropy(g, model.forward(g, input), new int[] {1, 7}, new float[] {0.5f, 0.5f});
        g.differentiate();
        try (CpuDevice device = new CpuDevice(2)) {
            var plan = device.compile(g.launches());
            plan.run();
            float before = loss.total()[0];
            double squares = 0;
            for (Parameter p : model.trainable()) for (float d : p.grad()) squares += d * d;
            for (Parameter p : model.trainable()) {
                float[] w = p.value(), d = p.grad();
                for (int i = 0; i < w.length; i++) w[i] -= (float) (0.02 * before / squares) * d[i];
                p.wrote();
            }
            plan.run();
            assertThat(before).isFinite().isPositive();
            assertThat(loss.total()[0]).isBetween(0.9f * before, 0.995f * before);
        }
    }

    @Test
    void refusesWhatItHasNoFormFor() {
        assertThatThrownBy(() -> new Conv(3, Init.HE_NORMAL)).hasMessageContaining("2, 4 or 6, got 3");
        assertThatThrownBy(() -> new Resnet(18, Init.HE_NORMAL)).hasMessageContaining("6·n + 2");
        assertThatThrownBy(() -> new Vgg(12, 64, Init.HE_NORMAL)).hasMessageContaining("11, 13, 16 or 19");
        assertThatThrownBy(() -> new Conv(2, Init.HE_NORMAL).build(new int[] {784}, 10, 1))
                .hasMessageContaining("takes images");
        assertThatThrownBy(() -> new Lenet5(Init.HE_NORMAL).build(new int[] {1, 8, 8}, 10, 1))
                .hasMessageContaining("too small");
        assertThatThrownBy(() -> new TokenSum(2, 500, 48, Init.HE_NORMAL).build(new int[] {67}, 67, 1))
                .hasMessageContaining("67 features are not 2");
    }
}
