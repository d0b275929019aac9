package org.espalier.prune;

import java.util.IdentityHashMap;
import java.util.Map;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Rng;
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
        int batch = Math.min(BATCH, samples);
        int used = model.mixesExamples() ? samples / batch * batch : samples; // padding would show in batch norm
        Feed feed = new Feed(device, graph, model, calibration.data(), batch);
        model.loss(graph, feed.input(), feed.labels(), feed.weights());
        graph.differentiate();
        Plan plan = device.compile(graph.launches());
        int[] ids = Rng.permutation(
                Rng.of(seed, path + "/calibration", 0), calibration.data().size());
        Map<Parameter, float[]> sums = new IdentityHashMap<>();
        Map<Parameter, float[]> buffers = new IdentityHashMap<>();
        for (Parameter p : model.parameters())
            if (p.kind() == Parameter.Kind.BUFFER) buffers.put(p, p.value().clone());
        for (int first = 0; first < used; first += batch) {
            feed.fill(ids, first, Math.min(batch, used - first), 1.0 / used);
            plan.wrote(feed.input().value());
            plan.run();
            for (Parameter weight : model.weights()) {
                plan.read(weight.grad());
                float[] sum = sums.computeIfAbsent(weight, w -> new float[w.size()]);
                for (int i = 0; i < sum.length; i++) sum[i] += weight.grad()[i];
            }
        }
        buffers.forEach(Parameter::load); // looking must not move the running statistics
        return sums;
    }
}
