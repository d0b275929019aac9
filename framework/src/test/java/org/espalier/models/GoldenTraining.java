package org.espalier.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Losses;
import org.espalier.kernels.Update;
import org.espalier.launch.Device;
import org.espalier.launch.Launch;
import org.espalier.launch.Plan;

/** A network that repeats what the peer did: one forward and backward pass compared, then six steps of its optimiser. */
final class GoldenTraining {
    private final GoldenFolder golden;
    private final Model model;
    private final UnaryOperator<String> peerName;
    private final Graph graph = Graph.forTraining();
    private final Tensor logits;
    private final Losses.Loss loss;
    private final float[] step = {0, 1, 0, 0};
    private final LaterSteps later = new LaterSteps();
    private double worst;

    /** @param peerName what the peer calls our parameter */
    GoldenTraining(GoldenFolder golden, Model model, UnaryOperator<String> peerName) {
        this.golden = golden;
        this.model = model;
        this.peerName = peerName;
        Map<String, float[]> initial = golden.floats("initial.safetensors");
        assertThat(model.parameters()).hasSameSizeAs(initial.keySet());
        for (Parameter p : model.parameters()) p.load(initial.get(peerName.apply(p.name())));
        int[] labels = golden.labels();
        Tensor input = model.input(graph, labels.length);
        lay(golden.floats("batch.safetensors").get("images"), input);
        logits = model.forward(graph, input);
        float[] weights = new float[labels.length];
        Arrays.fill(weights, 1f / labels.length);
        loss = Losses.crossEntropy(graph, logits, labels, weights);
        graph.differentiate();
    }

    private static void lay(float[] rows, Tensor input) {
        int features = input.features();
        for (int e = 0; e < input.batch(); e++)
            for (int f = 0; f < features; f++)
                input.value()[e * input.exampleStride() + f * input.featureStride()] = rows[e * features + f];
    }

    private static float[] rows(Tensor x) {
        float[] rows = new float[x.size()];
        for (int e = 0; e < x.batch(); e++)
            for (int f = 0; f < x.features(); f++)
                rows[e * x.features() + f] = x.value()[e * x.exampleStride() + f * x.featureStride()];
        return rows;
    }

    /** Compares logits, gradients, six losses and the weights after them, and goes on to ten steps; returns the worst difference per allowance. */
    double agree(Device device) {
        JsonNode expected = golden.expected();
        List<Plan> plans = device.compileTogether(List.of(
                graph.launches(),
                model.trainable().stream().map(p -> update(p, expected)).toList()));
        Plan plan = plans.getFirst(), update = plans.getLast();
        update.wrote(step);
        step[0] = (float) expected.at("/arguments/lr").asDouble();
        for (int t = 1; t <= 6; t++) {
            plan.run();
            plan.read(loss.total());
            if (t == 1) first(plan);
            float[] total = {(float) expected.get("losses").get(t - 1).asDouble()};
            check("loss of step " + t, loss.total(), total);
            update(update, t);
        }
        Map<String, float[]> after = golden.floats("after-6-steps.safetensors");
        Map<String, float[]> gradients = golden.floats("gradients.safetensors");
        for (Parameter p : model.parameters()) {
            String peer = peerName.apply(p.name());
            float[] values = after.get(peer).clone();
            if (adam(expected) && p.trainable()) exempt(values, p.value(), gradients.get(peer));
            check(p.name() + " after", p.value(), values);
        }
        for (int t = 7; t <= LaterSteps.LAST; t++) {
            plan.run();
            plan.read(loss.total());
            later.loss(loss.total()[0]);
            update(update, t);
        }
        later.end(model);
        return worst;
    }

    /** What came after the golden file's steps. */
    LaterSteps later() {
        return later;
    }

    private void update(Plan update, int t) {
        step[2] = (float) (1 / (1 - Math.pow(0.9, t)));
        step[3] = (float) (1 / Math.sqrt(1 - Math.pow(0.999, t)));
        update.wrote(step);
        update.run();
    }

    /**
     * Adam divides a gradient by its own size, so where the gradient is nothing but rounding the weight follows the rounding: the
     * peer itself, run in double precision, disagrees there. Such entries need only stay within what six steps can do.
     */
    private void exempt(float[] expected, float[] actual, float[] gradient) {
        float largest = 0;
        for (float g : gradient) largest = Math.max(largest, Math.abs(g));
        int exempt = 0;
        for (int i = 0; i < expected.length; i++) {
            if (Math.abs(gradient[i]) > Math.max(1e-8f, 1e-6f * largest) || gradient[i] == 0f) continue;
            float apart = Math.abs(actual[i] - expected[i]);
            boolean agree = apart <= Math.max(GoldenFolder.ABSOLUTE, GoldenFolder.RELATIVE * Math.abs(expected[i]));
            if (agree || apart > 12 * step[0]) continue;
            expected[i] = actual[i];
            exempt++;
        }
        assertThat(exempt).as("entries whose gradient is rounding").isLessThanOrEqualTo(1 + expected.length / 1000);
    }

    private static boolean adam(JsonNode expected) {
        return expected.get("optimizer").asText().equals("Adam");
    }

    private void first(Plan plan) {
        plan.read(logits.value());
        check("logits", rows(logits), golden.floats("forward.safetensors").get("logits"));
        Map<String, float[]> gradients = golden.floats("gradients.safetensors");
        for (Parameter p : model.trainable()) {
            plan.read(p.grad());
            check("gradient of " + p.name(), p.grad(), gradients.get(peerName.apply(p.name())));
        }
    }

    private Launch update(Parameter p, JsonNode expected) {
        JsonNode arguments = expected.get("arguments");
        float decay = (float) arguments.path("weight_decay").asDouble(0);
        float[] w = p.value(), g = p.grad(), m = new float[w.length], v = new float[w.length];
        return switch (expected.get("optimizer").asText()) {
            case "Adam" -> Launch.of("adam", w.length, Update::adam, w, m, v, g, step, 0.9f, 0.999f, 1e-8f, decay, 0f);
            case "SGD" -> {
                float momentum = (float) arguments.path("momentum").asDouble(0);
                yield Launch.of("sgd", w.length, Update::sgd, w, m, g, step, momentum, decay, 0);
            }
            default -> throw new IllegalArgumentException("an optimiser these goldens do not use: " + expected);
        };
    }

    private void check(String what, float[] actual, float[] expected) {
        double distance = GoldenFolder.distance(actual, expected);
        assertThat(distance).as(what).isLessThanOrEqualTo(1);
        worst = Math.max(worst, distance);
    }
}
