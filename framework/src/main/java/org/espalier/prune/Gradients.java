package org.espalier.prune;

import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.espalier.data.Dataset;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.launch.Device;
import org.espalier.launch.Plan;
import org.espalier.models.Model;
import org.espalier.train.Feed;

/**
 * Statistics of the loss's gradient over calibration examples, gathered on the whole network at once. Each of them and the gradient
 * itself are as large as the weights.
 */
final class Gradients {
    private static final int BATCH = 500;

    /** The same for sequences, which have many labels each. */
    private static final int TOKENS = 2048;

    /** Weights added up by one slice. */
    private static final int SLICE = 1 << 16;

    private final Map<Statistic, Map<Parameter, float[]>> sums = new EnumMap<>(Statistic.class);
    private final Device device;
    private final Model model;
    private final Dataset data;
    private final int[] ids;

    private Gradients(Device device, Model model, Dataset data, int[] ids) {
        this.device = device;
        this.model = model;
        this.data = data;
        this.ids = ids;
    }

    /** What of {@code wanted} is a statistic of gradients. */
    static Gradients gather(Set<Statistic> wanted, Device device, Model model, Dataset data, int[] ids) {
        Gradients gradients = new Gradients(device, model, data, ids);
        Set<Statistic> single = new TreeSet<>(wanted);
        single.retainAll(Set.of(Statistic.GRADIENT_SQUARES, Statistic.GRADIENT_ABSOLUTE));
        if (wanted.contains(Statistic.GRADIENT)) gradients.mean();
        if (!single.isEmpty()) gradients.single(single);
        return gradients;
    }

    float[] of(Statistic statistic, Parameter weight) {
        return sums.get(statistic).get(weight);
    }

    private void mean() {
        int batch = Math.min(data.labels() == 1 ? BATCH : Math.max(1, TOKENS / data.labels()), ids.length);
        int used = model.mixesExamples() ? ids.length / batch * batch : ids.length; // padding would show in batch norm
        double weight = 0;
        for (int i = 0; i < used; i++) for (int p = 0; p < data.labels(); p++) weight += data.weight(ids[i], p);
        double factor = 1.0 / weight;
        each(batch, used, (feed, first, count) -> feed.fill(ids, first, count, factor), Set.of(Statistic.GRADIENT));
    }

    private void single(Set<Statistic> wanted) {
        if (model.mixesExamples())
            throw new PruningException("a network with batch norm has no gradients of single examples");
        each(1, ids.length, (feed, first, count) -> feed.fillForMean(ids, first, count), wanted);
    }

    private interface Filling {
        void fill(Feed feed, int first, int count);
    }

    private void each(int batch, int used, Filling filling, Set<Statistic> wanted) {
        model.releaseGradients();
        Graph graph = Graph.forEvidence();
        Feed feed = new Feed(device, graph, model, data, batch);
        model.loss(graph, feed.input(), feed.labels(), feed.weights());
        graph.differentiate();
        Plan plan = device.compile(graph.launches());
        Map<Parameter, float[]> buffers = new IdentityHashMap<>();
        for (Parameter p : model.parameters())
            if (p.kind() == Parameter.Kind.BUFFER) buffers.put(p, p.value().clone());
        for (int first = 0; first < used; first += batch) {
            filling.fill(feed, first, Math.min(batch, used - first));
            feed.wrote(plan);
            plan.run();
            for (Parameter weight : model.weights()) {
                plan.read(weight.grad());
                for (Statistic statistic : wanted) add(statistic, weight);
            }
        }
        buffers.forEach(Parameter::load); // looking must not move the running statistics
    }

    private void add(Statistic statistic, Parameter weight) {
        float[] g = weight.grad();
        float[] sum = sums.computeIfAbsent(statistic, s -> new IdentityHashMap<>())
                .computeIfAbsent(weight, w -> new float[w.size()]);
        device.host(sum.length, SLICE, (first, count) -> {
            int end = first + count;
            switch (statistic) {
                case GRADIENT_SQUARES -> {
                    for (int i = first; i < end; i++) sum[i] += g[i] * g[i];
                }
                case GRADIENT_ABSOLUTE -> {
                    for (int i = first; i < end; i++) sum[i] += Math.abs(g[i]);
                }
                default -> {
                    for (int i = first; i < end; i++) sum[i] += g[i];
                }
            }
        });
    }
}
