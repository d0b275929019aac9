package org.espalier.prune;

import org.espalier.data.Dataset;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.ops.Losses;
import org.espalier.launch.Device;
import org.espalier.launch.Plan;
import org.espalier.models.Model;
import org.espalier.train.Feed;

/** The whole network's loss on batches of calibration examples. */
final class LossProbe implements Survey.Probe {
    /** Examples per batch. */
    private static final int BATCH = 8;

    private final int[] ids;
    private final int batch;
    private final Feed feed;
    private final Losses.Loss loss;
    private final Plan plan;

    LossProbe(Device device, Model model, Dataset data, int[] ids) {
        this.ids = ids;
        this.batch = Math.min(BATCH, ids.length);
        Graph graph = Graph.forCalibration();
        feed = new Feed(device, graph, model, data, batch);
        loss = model.loss(graph, feed.input(), feed.labels(), feed.weights());
        plan = device.compile(graph.launches());
    }

    @Override
    public int batches() {
        return (ids.length + batch - 1) / batch;
    }

    @Override
    public double loss(int index, Site.Weight site, float[] values) {
        Parameter weight = site.parameter();
        float[] before = weight.value().clone();
        try {
            weight.load(values);
            plan.wrote(weight.value());
            feed.fillForMean(ids, index * batch, Math.min(batch, ids.length - index * batch));
            plan.wrote(feed.input().value());
            plan.run();
            plan.read(loss.total());
            return loss.total()[0];
        } finally {
            weight.load(before);
            plan.wrote(weight.value());
        }
    }
}
