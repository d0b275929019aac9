package org.espalier.select;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.espalier.data.Dataset;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.launch.Device;
import org.espalier.launch.Plan;
import org.espalier.models.Model;
import org.espalier.train.Feed;

/**
 * Norms of the gradient of each example's own loss over all parameters, exactly. In a fully connected layer that sees an example
 * once, its part of the gradient is an outer product, so a whole batch is done at a time: ‖∂W‖² = ‖x‖²·‖δ‖² and ‖∂b‖² = ‖δ‖², x
 * what enters and δ the gradient of what leaves. Networks of other layers are run with one example at a time.
 */
public final class ExampleGradients {
    private static final int BATCH = 512;

    private record Connected(Tensor input, Tensor output, boolean biased) {}

    private final Device device;
    private final Model model;
    private final Dataset data;
    private final int[] ids;
    private final List<Connected> layers = new ArrayList<>();
    private final Set<Parameter> covered = new HashSet<>();
    private boolean twice;

    private ExampleGradients(Device device, Model model, Dataset data) {
        this.device = device;
        this.model = model;
        this.data = data;
        this.ids = IntStream.range(0, data.size()).toArray();
    }

    /**
     * Refuses a network whose examples have no gradients of their own.
     *
     * @throws IllegalArgumentException saying why
     */
    public static void check(Model model) {
        if (model.mixesExamples())
            throw new IllegalArgumentException("a network with batch norm has no gradients of single examples");
    }

    /**
     * @param data of sequences, each one's loss is the mean over its labels
     * @return a norm for each example
     */
    public static double[] norms(Device device, Model model, Dataset data) {
        check(model);
        ExampleGradients gradients = new ExampleGradients(device, model, data);
        return gradients.isConnected() ? gradients.byOuterProducts() : gradients.oneByOne();
    }

    private record Traced(Graph graph, Feed feed) {}

    /** Traces the network and notes its fully connected layers. */
    private Traced trace(int batch) {
        layers.clear();
        covered.clear();
        model.releaseGradients();
        Graph graph = Graph.forEvidence();
        graph.observe(new Graph.Observer() {
            @Override
            public void product(Graph g, Parameter weight, Tensor input, long positions) {}

            @Override
            public void connected(Parameter weight, Parameter bias, Tensor input, Tensor output) {
                layers.add(new Connected(input, output, bias != null));
                twice |= !covered.add(weight) || bias != null && !covered.add(bias);
            }
        });
        Feed feed = new Feed(device, graph, model, data, batch);
        model.loss(graph, feed.input(), feed.labels(), feed.weights());
        return new Traced(graph, feed);
    }

    /** Whether every parameter is one of a fully connected layer that sees an example once. */
    private boolean isConnected() {
        if (data.labels() > 1) return false;
        int room = trace(1).feed.input().batch();
        return !twice
                && covered.containsAll(model.trainable())
                && layers.stream().allMatch(l -> l.output.batch() == room && l.input.batch() == room);
    }

    private double[] byOuterProducts() {
        int batch = Math.min(BATCH, data.size());
        Traced traced = trace(batch);
        Graph graph = traced.graph;
        Feed feed = traced.feed;
        graph.differentiate();
        Plan plan = device.compile(graph.launches());
        double[] norms = new double[data.size()];
        for (int first = 0; first < norms.length; first += batch) {
            int count = Math.min(batch, norms.length - first);
            feed.fill(ids, first, count);
            feed.wrote(plan);
            plan.run();
            double[] squares = squares(plan, count);
            for (int i = 0; i < count; i++) norms[first + i] = Math.sqrt(squares[i]);
        }
        return norms;
    }

    private double[] squares(Plan plan, int count) {
        double[] sum = new double[count];
        for (Connected layer : layers) {
            plan.read(layer.output.grad());
            plan.read(layer.input.value());
            double[] entering = squares(layer.input.value(), layer.input, count);
            double[] slope = squares(layer.output.grad(), layer.output, count);
            for (int i = 0; i < count; i++) sum[i] += slope[i] * (entering[i] + (layer.biased ? 1 : 0));
        }
        return sum;
    }

    private static double[] squares(float[] values, Tensor of, int count) {
        double[] sum = new double[count];
        int perFeature = of.featureStride(), perExample = of.exampleStride();
        for (int f = 0; f < of.features(); f++)
            for (int i = 0; i < count; i++) {
                double v = values[f * perFeature + i * perExample];
                sum[i] += v * v;
            }
        return sum;
    }

    private double[] oneByOne() {
        model.releaseGradients();
        Graph graph = Graph.forEvidence();
        Feed feed = new Feed(device, graph, model, data, 1);
        model.loss(graph, feed.input(), feed.labels(), feed.weights());
        graph.differentiate();
        Plan plan = device.compile(graph.launches());
        double[] norms = new double[data.size()];
        for (int i = 0; i < norms.length; i++) {
            feed.fillForMean(ids, i, 1);
            feed.wrote(plan);
            plan.run();
            double sum = 0;
            for (Parameter p : model.trainable()) {
                plan.read(p.trainedGrad());
                for (float g : p.trainedGrad()) sum += (double) g * g;
            }
            norms[i] = Math.sqrt(sum);
        }
        return norms;
    }
}
