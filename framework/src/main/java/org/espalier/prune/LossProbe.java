package org.espalier.prune;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.espalier.data.Dataset;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Losses;
import org.espalier.launch.Device;
import org.espalier.launch.Plan;
import org.espalier.models.Block;
import org.espalier.models.Entrance;
import org.espalier.models.LanguageModel;
import org.espalier.models.Model;
import org.espalier.train.Feed;

/**
 * The whole network's loss on batches of calibration examples. What enters the block of the weight in question does not change with
 * it, so it is kept, and only what follows is run: who asks block after block saves half of the work.
 */
final class LossProbe implements Survey.Probe {
    /** Examples per batch. */
    private static final int BATCH = 8;

    private final Device device;
    private final Model model;
    private final Dataset data;
    private final int[] ids;
    private final int batch;
    private final Map<Parameter, Integer> blockOf = new IdentityHashMap<>();

    /** What enters block {@code reached}, batch by batch, and its form. */
    private final List<float[]> entering = new ArrayList<>();

    private Tensor form;
    private int reached = -1;

    private Feed feed;
    private Tensor begin;
    private Losses.Loss loss;
    private Plan plan;

    LossProbe(Device device, Model model, Dataset data, int[] ids) {
        this.device = device;
        this.model = model;
        this.data = data;
        this.ids = ids;
        this.batch = Math.min(BATCH, ids.length);
        List<Block> blocks = model.blocks();
        for (int b = 0; b < blocks.size(); b++) for (Parameter p : blocks.get(b).parameters()) blockOf.put(p, b);
    }

    @Override
    public int batches() {
        return (ids.length + batch - 1) / batch;
    }

    @Override
    public double loss(int index, Site.Weight site, float[] values) {
        Parameter weight = site.parameter();
        goTo(blockOf.get(weight));
        float[] before = weight.value().clone();
        try {
            weight.load(values);
            plan.wrote(weight.value());
            fill(index);
            if (begin != feed.input()) System.arraycopy(entering.get(index), 0, begin.value(), 0, begin.size());
            feed.wrote(plan);
            plan.wrote(begin.value());
            plan.run();
            plan.read(loss.total());
            return loss.total()[0];
        } finally {
            weight.load(before);
            plan.wrote(weight.value());
        }
    }

    private void fill(int index) {
        feed.fillForMean(ids, index * batch, Math.min(batch, ids.length - index * batch));
    }

    /** Makes the plan that begins with a block; only language models can be entered in the middle. */
    private void goTo(int block) {
        if (plan != null && (reached == block || !(model instanceof LanguageModel))) return;
        if (model instanceof LanguageModel language) {
            if (reached < 0 || reached > block) enter(language);
            for (; reached < block; reached++) pass(language.blocks().get(reached));
        }
        Graph graph = Graph.forCalibration();
        feed = new Feed(device, graph, model, data, batch);
        begin = feed.input();
        if (model instanceof LanguageModel language) {
            begin = like(graph);
            Tensor x = begin;
            for (Block b : language.blocks().subList(block, language.blocks().size()))
                x = b.forward(graph, x, data.features());
            loss = language.leave(graph, x, feed.labels(), feed.weights());
        } else loss = model.loss(graph, begin, feed.labels(), feed.weights());
        plan = device.compile(graph.launches());
    }

    private void enter(LanguageModel language) {
        Graph graph = Graph.forCalibration();
        feed = new Feed(device, graph, model, data, batch);
        Entrance entrance = language.entrance(graph, feed.input());
        form = entrance.entered();
        Supplier<float[]> entry = entrance.on(device);
        entering.clear();
        for (int b = 0; b < batches(); b++) {
            fill(b);
            entering.add(entry.get());
        }
        reached = 0;
    }

    private void pass(Block block) {
        Graph graph = Graph.forCalibration();
        Tensor in = like(graph);
        form = block.forward(graph, in, data.features());
        Plan through = device.compile(graph.launches());
        for (float[] state : entering) {
            System.arraycopy(state, 0, in.value(), 0, state.length);
            through.wrote(in.value());
            through.run();
            through.read(form.value());
            System.arraycopy(form.value(), 0, state, 0, state.length);
        }
    }

    private Tensor like(Graph graph) {
        return graph.tensor("entering", form.batch(), form.shape(), form.layout(), form.span());
    }
}
