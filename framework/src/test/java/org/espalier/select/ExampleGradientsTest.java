package org.espalier.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.espalier.data.ByteExamples;
import org.espalier.data.Dataset;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Device;
import org.espalier.launch.Plan;
import org.espalier.models.Init;
import org.espalier.models.Model;
import org.espalier.models.Zoo;
import org.espalier.models.zoo.Lenet5;
import org.espalier.spec.Binder;
import org.espalier.spec.Yaml;
import org.espalier.train.Feed;
import org.junit.jupiter.api.Test;

class ExampleGradientsTest {
    private static final Device DEVICE = new CpuDevice(1);

    /** The gradient of one example's loss, all parameters side by side. */
    private static double norm(Model model, Dataset data, int example) {
        Graph graph = Graph.forTraining();
        Feed feed = new Feed(DEVICE, graph, model, data, 1);
        model.loss(graph, feed.input(), feed.labels(), feed.weights());
        graph.differentiate();
        Plan plan = DEVICE.compile(graph.launches());
        feed.fill(new int[] {example}, 0, 1);
        plan.run();
        double sum = 0;
        for (Parameter p : model.trainable()) for (float g : p.trainedGrad()) sum += (double) g * g;
        return Math.sqrt(sum);
    }

    private static void sameAsOneByOne(Model model, Dataset data) {
        double[] norms = ExampleGradients.norms(DEVICE, model, data);
        for (int i = 0; i < norms.length; i++)
            assertThat(norms[i]).isPositive().isCloseTo(norm(model, data, i), within(1e-5 * norms[i]));
    }

    @Test
    void outerProductsGiveTheGradientsOfAPerceptron() {
        Dataset data = Pools.sums();
        sameAsOneByOne(Pools.perceptron(data, 3), data);
    }

    @Test
    void convolutionsAreRunOneByOne() {
        byte[] pixels = new byte[6 * 784];
        IntStream.range(0, pixels.length).forEach(i -> pixels[i] = (byte) (i * 37 % 251));
        Dataset data = new ByteExamples(
                "dots",
                "",
                new Dataset.Shape(List.of(1, 28, 28), 10),
                6,
                new ByteExamples.Bytes(pixels, 0),
                new ByteExamples.Bytes(new byte[] {0, 1, 2, 3, 4, 9}, 0));
        sameAsOneByOne(new Lenet5(Init.GLOROT_NORMAL).build(data.shape(), 10, 2), data);
    }

    @Test
    void refusesBatchNorm() {
        Model model = Binder.bind(Zoo.class, Yaml.parse("resnet", "a.yaml")).build(new int[] {3, 32, 32}, 10, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExampleGradients.check(model))
                .withMessageContaining("batch norm");
    }
}
