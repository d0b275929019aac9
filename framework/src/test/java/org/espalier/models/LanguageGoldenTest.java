package org.espalier.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.espalier.data.file.Safetensors;
import org.espalier.data.pretrained.Checkpoint;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Losses;
import org.espalier.kernels.Norm;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Device;
import org.espalier.launch.Launch;
import org.espalier.launch.Plan;
import org.espalier.launch.TornadoDevice;
import org.espalier.methods.optimise.Adamw;
import org.espalier.methods.schedule.Constant;
import org.espalier.models.pretrained.PretrainedModel;
import org.espalier.train.NamedArrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Small random models that transformers saved: read from its folders, they give its logits, its loss and its gradients, and five
 * steps of AdamW with clipping lead to its weights.
 */
class LanguageGoldenTest {
    private static final CpuDevice DEVICE = new CpuDevice(2);

    @AfterAll
    static void close() {
        DEVICE.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-llama", "tiny-llama-tied", "tiny-gemma3"})
    void computesWhatTransformersComputes(String name) throws IOException {
        GoldenFolder golden = GoldenFolder.named(name);
        int[] ids = ids(golden);
        Map<String, float[]> forward = golden.floats("forward.safetensors");
        try (Checkpoint file = Checkpoint.open(golden.path("model"))) {
            int length = length(golden);
            Model model = PretrainedModel.open(file, length);
            assertThat(logits(model, ids, length)).isLessThan(1);
            assertThat(distance("logits", logitsOf(model, ids, length), forward.get("logits")))
                    .isLessThan(1);
            trains(golden, model, ids, length, DEVICE);
        }
    }

    @ParameterizedTest
    @Tag("gpu")
    @ValueSource(strings = {"tiny-llama", "tiny-gemma3"})
    void trainsOnAGpuAsTransformersTrains(String name) throws IOException {
        GoldenFolder golden = GoldenFolder.named(name);
        try (Checkpoint file = Checkpoint.open(golden.path("model"));
                TornadoDevice gpu = TornadoDevice.open("gpu", 1)) {
            int length = length(golden);
            LaterSteps here = trains(golden, PretrainedModel.open(file, length), ids(golden), length, DEVICE);
            here.near(trains(golden, PretrainedModel.open(file, length), ids(golden), length, gpu));
        }
    }

    /** The loss of chunks equals the loss of whole logits; the difference. */
    private static double logits(Model model, int[] ids, int length) {
        int[] labels = labels(ids, length);
        float[] weights = weights(ids, length);
        Graph chunked = Graph.forEvaluation();
        Losses.Loss a = model.loss(chunked, tokens(chunked, ids, length), labels, weights);
        DEVICE.compile(chunked.launches()).run();
        Graph whole = Graph.forEvaluation();
        Losses.Loss b = Losses.crossEntropy(whole, model.forward(whole, tokens(whole, ids, length)), labels, weights);
        DEVICE.compile(whole.launches()).run();
        assertThat(a.correct()).isEqualTo(b.correct());
        return GoldenFolder.distance(a.losses(), b.losses());
    }

    private static float[] logitsOf(Model model, int[] ids, int length) {
        Graph g = Graph.forEvaluation();
        Tensor logits = model.forward(g, tokens(g, ids, length));
        DEVICE.compile(g.launches()).run();
        return logits.value();
    }

    /** The golden file's five steps, and from there to ten. */
    private static LaterSteps trains(GoldenFolder golden, Model model, int[] ids, int length, Device device) {
        JsonNode expected = golden.expected();
        Graph g = Graph.forTraining();
        Losses.Loss loss = model.loss(g, tokens(g, ids, length), labels(ids, length), weights(ids, length));
        g.differentiate();
        float[] step = {0.003f, 1, 1, 1};
        Adamw optimiser = new Adamw(0.003, 0.9, 0.95, 1e-8, 0.1, new Constant(0));
        List<Plan> plans = device.compileTogether(List.of(g.launches(), update(model, optimiser, step)));
        Plan plan = plans.getFirst(), update = plans.getLast();
        update.wrote(step);
        float[] norm = new float[1];
        JsonNode steps = expected.get("loss_and_gradient_norm_per_step");
        for (int t = 1; t <= steps.size(); t++) {
            plan.run();
            plan.read(loss.total());
            if (t == 1) gradients(golden, model);
            norm[0] = (float) Math.sqrt(model.trainable().stream()
                    .mapToDouble(p -> squares(p.grad()))
                    .sum());
            near("loss of step " + t, loss.total()[0], steps.get(t - 1).get(0));
            near("gradient norm of step " + t, norm[0], steps.get(t - 1).get(1));
            optimiser.prepare(step, t);
            update.wrote(step);
            update.run();
        }
        Map<String, float[]> after = golden.floats("after-5-adamw.safetensors");
        for (Parameter p : model.parameters()) follows(p, after.get(p.name()));
        LaterSteps later = new LaterSteps();
        for (int t = steps.size() + 1; t <= LaterSteps.LAST; t++) {
            plan.run();
            plan.read(loss.total());
            later.loss(loss.total()[0]);
            optimiser.prepare(step, t);
            update.wrote(step);
            update.run();
        }
        later.end(model);
        return later;
    }

    /** Adam divides a gradient by its own size: where it is nothing but rounding, the weight follows the rounding. */
    private static void follows(Parameter p, float[] expected) {
        int apart = 0;
        for (int i = 0; i < expected.length; i++) {
            double distance = GoldenFolder.distance(new float[] {p.value()[i]}, new float[] {expected[i]});
            if (distance > 1) apart++;
            assertThat(distance).as(p.name()).isLessThan(20);
        }
        assertThat(apart).as(p.name()).isLessThanOrEqualTo(1 + expected.length / 1000);
    }

    private static List<Launch> update(Model model, Adamw optimiser, float[] step) {
        List<Launch> launches = new ArrayList<>();
        float[] sums = new float[model.trainable().size()];
        int at = 0;
        for (Parameter p : model.trainable()) {
            float[] grad = p.grad();
            launches.add(Launch.of(p.name() + ".norm", 1, Norm::squares, sums, grad, grad.length, grad.length, at++));
        }
        launches.add(Launch.of("clip", 1, Norm::clip, step, sums, sums.length, 1f));
        NamedArrays state = new NamedArrays();
        for (Parameter p : model.trainable()) optimiser.update(p, step, state, launches::add);
        return launches;
    }

    private static void gradients(GoldenFolder golden, Model model) {
        Map<String, float[]> gradients = golden.floats("gradients.safetensors");
        assertThat(model.parameters()).hasSameSizeAs(gradients.keySet());
        for (Parameter p : model.parameters())
            assertThat(distance("gradient of " + p.name(), p.grad(), gradients.get(p.name())))
                    .isLessThan(1);
    }

    private static double squares(float[] x) {
        double sum = 0;
        for (float v : x) sum += (double) v * v;
        return sum;
    }

    private static void near(String what, float actual, JsonNode expected) {
        assertThat((double) actual).as(what).isCloseTo(expected.asDouble(), within(expected.asDouble()));
    }

    private static org.assertj.core.data.Offset<Double> within(double value) {
        return org.assertj.core.data.Offset.offset(1e-4 * Math.abs(value) + 2e-5);
    }

    private static double distance(String what, float[] actual, float[] expected) {
        double distance = GoldenFolder.distance(actual, expected);
        if (distance > 0.5) System.out.printf("%s: %.3f of what is allowed%n", what, distance);
        return distance;
    }

    private static Tensor tokens(Graph g, int[] ids, int length) {
        Tensor tokens = g.input("tokens", ids.length / length, new int[] {length}, org.espalier.engine.Layout.ROWS);
        for (int i = 0; i < ids.length; i++) tokens.value()[i] = ids[i];
        return tokens;
    }

    private static int[] labels(int[] ids, int length) {
        int[] labels = new int[ids.length];
        for (int i = 0; i + 1 < ids.length; i++) if (i % length < length - 1) labels[i] = ids[i + 1];
        return labels;
    }

    private static float[] weights(int[] ids, int length) {
        float[] weights = new float[ids.length];
        int scored = ids.length / length * (length - 1);
        for (int i = 0; i < weights.length; i++) weights[i] = i % length < length - 1 ? 1f / scored : 0f;
        return weights;
    }

    private static int[] ids(GoldenFolder golden) throws IOException {
        try (Safetensors file = Safetensors.open(golden.path("forward.safetensors"))) {
            return file.ints("input_ids");
        }
    }

    private static int length(GoldenFolder golden) throws IOException {
        try (Safetensors file = Safetensors.open(golden.path("forward.safetensors"))) {
            return file.tensors().get("input_ids").shape().get(1).intValue();
        }
    }
}
