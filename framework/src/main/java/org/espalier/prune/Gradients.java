package org.espalier.prune;

import java.util.IdentityHashMap;
import java.util.Map;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Rng;
import org.espalier.engine.ops.Losses;
import org.espalier.launch.Device;
import org.espalier.launch.Plan;
import org.espalier.models.Model;
import org.espalier.train.Feed;

/** The gradient of the mean loss over calibration examples. */
final class Gradients {
    private static final int BATCH = 500;

    private Gradients() {}

    static Map<Parameter, float[]> mean(
            Device device, Model model, Pruning.Calibration calibration, long seed, String path) {
        int samples = Math.min(calibration.samples(), calibration.data().size());
        Graph graph = Graph.forEvidence();
        Feed feed = new Feed(device, graph, model, calibration.data(), Math.min(BATCH, samples));
        Losses.crossEntropy(graph, model.forward(graph, feed.input()), feed.labels(), feed.weights());
        graph.differentiate();
        Plan plan = device.compile(graph.launches());
        int[] ids = Rng.permutation(
                Rng.of(seed, path + "/calibration", 0), calibration.data().size());
        Map<Parameter, float[]> sums = new IdentityHashMap<>();
        for (int first = 0; first < samples; first += BATCH) {
            feed.fill(ids, first, Math.min(BATCH, samples - first), 1f / samples);
            plan.wrote(feed.input().value());
            plan.run();
            for (Parameter weight : model.weights()) {
                plan.read(weight.grad());
                float[] sum = sums.computeIfAbsent(weight, w -> new float[w.size()]);
                for (int i = 0; i < sum.length; i++) sum[i] += weight.grad()[i];
            }
        }
        return sums;
    }
}
