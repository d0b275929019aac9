package org.espalier.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.espalier.engine.Axis;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Rng;
import org.espalier.engine.Surgery;
import org.espalier.engine.Surgery.Group;
import org.espalier.engine.Surgery.Member;
import org.espalier.engine.Tensor;
import org.espalier.launch.CpuDevice;
import org.espalier.models.zoo.Lenet;
import org.espalier.models.zoo.Lenet5;
import org.espalier.models.zoo.Resnet;
import org.espalier.models.zoo.TokenSum;
import org.espalier.models.zoo.Vgg;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Groups are right if zeroing some of their entries equals cutting them, and if their order does not matter. */
class SurgeryTest {
    private static final int BATCH = 9;

    /** Of the largest logit, with the kernels as they stand. */
    private static final double TOLERANCE = 1e-6;

    /** With the host bodies, which may take a narrower layer by another way: see their own tests. */
    private static final double HOST_TOLERANCE = 1e-5;

    private record Case(String name, Supplier<Model> model, int groups) {}

    private static Stream<Case> cases() {
        Init init = Init.HE_NORMAL;
        int[] image = {2, 13, 11};
        return Stream.of(
                new Case("perceptron", () -> new Lenet(List.of(13, 9), init).build(new int[] {17}, 5, 1), 2),
                new Case("token sum", () -> new TokenSum(2, 12, 7, init).build(new int[] {22}, 11, 1), 3),
                new Case("residual net", () -> residual(image), 6),
                new Case("ResNet-8", () -> new Resnet(8, init).build(image, 5, 1), 6),
                new Case("LeNet-5", () -> new Lenet5(init).build(new int[] {2, 20, 20}, 5, 1), 3),
                new Case("VGG-11", () -> new Vgg(11, 4, init).build(new int[] {1, 28, 28}, 5, 1), 8));
    }

    /** Two blocks on one stream, a third at half the size, and a linear layer that sees every pixel of every channel. */
    private static Model residual(int[] image) {
        return Images.of(image)
                .normalised("conv", "norm", 8)
                .relu()
                .residual("block1", 8, 1)
                .residual("block2", 8, 1)
                .residual("block3", 12, 2)
                .pool()
                .linear("fc1", 10)
                .build(5, Init.HE_NORMAL, 1);
    }

    @TestFactory
    Stream<DynamicTest> zeroingAGroupEqualsCuttingIt() {
        return cases().map(c -> DynamicTest.dynamicTest(c.name, () -> {
            double worst = 0;
            for (boolean training : new boolean[] {false, true}) {
                for (int i = 0; i < groups(traced(c)).size(); i++) {
                    Model zeroed = traced(c), cut = traced(c);
                    RandomGenerator random = new SplittableRandom(i);
                    int[] kept = some(random, groups(cut).get(i).size());
                    for (Member m : groups(zeroed).get(i).members())
                        for (int e = 0; e < groups(zeroed).get(i).size(); e++)
                            if (Arrays.binarySearch(kept, e) < 0) zero(m, e);
                    int before =
                            cut.parameters().stream().mapToInt(Parameter::size).sum();
                    Surgery.cut(groups(cut).get(i), kept);
                    assertThat(cut.parameters().stream()
                                    .mapToInt(Parameter::size)
                                    .sum())
                            .isLessThan(before);
                    worst = Math.max(worst, difference(logits(cut, training), logits(zeroed, training)));
                    assertThat(difference(hostLogits(cut, training), hostLogits(zeroed, training)))
                            .isLessThan(HOST_TOLERANCE);
                }
            }
            System.out.printf("SurgeryTest: %s, cut and zeroed differ by %.1e%n", c.name, worst);
            assertThat(worst).isLessThan(TOLERANCE);
        }));
    }

    @TestFactory
    Stream<DynamicTest> permutingAGroupChangesNothing() {
        return cases().map(c -> DynamicTest.dynamicTest(c.name, () -> {
            float[] expected = logits(traced(c), false);
            double worst = 0;
            int groups = groups(traced(c)).size();
            assertThat(groups).isEqualTo(c.groups);
            for (int i = 0; i < groups; i++) {
                Model model = traced(c);
                Group group = groups(model).get(i);
                int[] order = Rng.permutation(new SplittableRandom(i), group.size());
                for (Member m : group.members()) permute(m, order);
                worst = Math.max(worst, difference(logits(model, false), expected));
                assertThat(difference(hostLogits(model, false), expected)).isLessThan(HOST_TOLERANCE);
            }
            System.out.printf("SurgeryTest: %s, %d groups, permuted differ by %.1e%n", c.name, groups, worst);
            assertThat(worst).isLessThan(TOLERANCE);
        }));
    }

    @TestFactory
    Stream<DynamicTest> cutsEveryGroupToOneEntryAndTrainsOn() {
        return cases().map(c -> DynamicTest.dynamicTest(c.name, () -> {
            Model model = traced(c);
            for (Group group : groups(model)) Surgery.cut(group, group.size() - 1);
            assertThat(logits(model, true)).hasSize(BATCH * model.classes()).doesNotContain(Float.NaN);
            for (Group group : groups(model)) assertThat(group.size()).isEqualTo(1);
        }));
    }

    @Test
    void aStreamOfResidualBlocksIsOneGroup() {
        Model model = residual(new int[] {2, 13, 11});
        logits(model, false);
        Group stream = groups(model).getFirst();
        assertThat(stream.members())
                .filteredOn(m -> m.parameter().kind() == Parameter.Kind.WEIGHT)
                .extracting(m -> m.parameter().name() + (m.rows() ? " rows" : " columns"))
                .containsExactlyInAnyOrder(
                        "conv.weight rows",
                        "block1.conv1.weight columns",
                        "block1.conv2.weight rows",
                        "block2.conv1.weight columns",
                        "block2.conv2.weight rows",
                        "block3.conv1.weight columns",
                        "block3.shortcut.weight columns");
    }

    @Test
    void masksAreCutWithTheirWeights() {
        Model model = new Lenet(List.of(3), Init.HE_NORMAL).build(new int[] {2}, 2, 1);
        Parameter w = model.parameter("fc1.weight");
        w.mask(new float[] {1, 0, 0, 1, 1, 1});
        float[] before = w.value().clone();
        logits(model, false);
        Surgery.cut(groups(model).getFirst(), 0, 2);
        assertThat(w.mask()).containsExactly(1, 0, 1, 1);
        assertThat(w.value()).containsExactly(before[0], 0, before[4], before[5]);
        assertThat(model.parameter("output.weight").shape()).containsExactly(2, 2);
    }

    @Test
    void refusesPinnedAxesAndWrongEntries() {
        Model model = new Lenet(List.of(3), Init.HE_NORMAL).build(new int[] {2}, 2, 1);
        logits(model, false);
        Axis output = model.parameter("output.weight").rowSpan().axis().pin();
        assertThatThrownBy(() -> Surgery.cut(new Group(output, List.of()), 0)).hasMessageContaining("stays whole");
        Group hidden = groups(model).getFirst();
        assertThatThrownBy(() -> Surgery.cut(hidden)).hasMessageContaining("at least one");
        assertThatThrownBy(() -> Surgery.cut(hidden, 0, 3)).hasMessageContaining("must ascend from 0 to 2");
        assertThatThrownBy(() -> Surgery.cut(hidden, 1, 1)).hasMessageContaining("must ascend");
    }

    private static Model traced(Case c) {
        Model model = c.model.get();
        RandomGenerator random = new SplittableRandom(3);
        for (Parameter p : model.parameters()) {
            if (p.kind() == Parameter.Kind.WEIGHT) continue;
            for (int i = 0; i < p.size(); i++)
                p.value()[i] = random.nextFloat() + (p.name().matches(".*(mean|bias|shift)") ? -0.5f : 0.5f);
            p.wrote();
        }
        logits(model, false);
        return model;
    }

    private static List<Group> groups(Model model) {
        model.parameter("output.weight").rowSpan().axis().pin();
        return Surgery.groups(model.parameters());
    }

    private static float[] logits(Model model, boolean training) {
        return logits(model, training, CpuDevice.ofPlainKernels());
    }

    private static float[] hostLogits(Model model, boolean training) {
        return logits(model, training, new CpuDevice(1));
    }

    private static float[] logits(Model model, boolean training, CpuDevice on) {
        Graph g = training ? Graph.forTraining() : Graph.forEvaluation();
        Tensor input = model.input(g, BATCH);
        RandomGenerator random = new SplittableRandom(7);
        for (int i = 0; i < input.size(); i++) input.value()[i] = random.nextFloat();
        Tensor y = model.forward(g, input);
        try (CpuDevice device = on) {
            device.compile(g.launches()).run();
        }
        return y.value();
    }

    private static int[] some(RandomGenerator random, int size) {
        List<Integer> kept = new ArrayList<>(IntStream.range(0, size)
                .filter(_ -> random.nextInt(3) > 0)
                .boxed()
                .toList());
        if (kept.isEmpty()) kept.add(0);
        if (kept.size() == size) kept.removeLast();
        return kept.stream().mapToInt(Integer::intValue).toArray();
    }

    private static void zero(Member m, int entry) {
        each(m, entry, (values, at) -> values[at] = 0f);
    }

    private static void permute(Member m, int[] order) {
        float[] before = m.parameter().value().clone();
        int columns = m.parameter().columns();
        int step = m.rows() ? columns : 1;
        for (int e = 0; e < order.length; e++) {
            int shift = (m.first(order[e]) - m.first(e)) * step;
            each(m, e, (values, at) -> values[at] = before[at + shift]);
        }
        m.parameter().wrote();
    }

    private interface Entry {
        void at(float[] values, int at);
    }

    /** Visits what belongs to an entry of the axis in a member. */
    private static void each(Member m, int entry, Entry visit) {
        Parameter p = m.parameter();
        for (int i = m.first(entry); i < m.first(entry) + m.positions(); i++)
            for (int j = 0; j < (m.rows() ? p.columns() : p.rows()); j++)
                visit.at(p.value(), m.rows() ? i * p.columns() + j : j * p.columns() + i);
        p.wrote();
    }

    private static double difference(float[] actual, float[] expected) {
        assertThat(spread(expected))
                .as("a network whose outputs are all biases shows nothing")
                .isGreaterThan(0.01);
        double largest = 0, worst = 0;
        for (float e : expected) largest = Math.max(largest, Math.abs(e));
        for (int i = 0; i < expected.length; i++) worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
        return worst / largest;
    }

    /** How far the examples' logits for one class lie apart, as a share of the largest. */
    private static double spread(float[] logits) {
        double largest = 0, spread = 0;
        for (int i = 0; i < logits.length; i++) {
            largest = Math.max(largest, Math.abs(logits[i]));
            spread = Math.max(spread, Math.abs(logits[i] - logits[i - i % BATCH]));
        }
        return spread / largest;
    }
}
