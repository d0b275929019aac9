package org.espalier.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.data.Dataset;
import org.espalier.engine.Graph;
import org.espalier.engine.Mask;
import org.espalier.engine.Parameter;
import org.espalier.engine.Rng;
import org.espalier.engine.Sketch;
import org.espalier.engine.ops.Losses;
import org.espalier.kernels.Norm;
import org.espalier.kernels.Pointwise;
import org.espalier.launch.Device;
import org.espalier.launch.ElementBodies;
import org.espalier.launch.Launch;
import org.espalier.launch.NormBodies;
import org.espalier.launch.Plan;
import org.espalier.models.Model;

/**
 * The loop over steps. One step is two plans, forward with backward and update, so that something can stand between
 * them. All that a step depends on is the parameters, the named arrays and the step's number; resuming is loading those.
 */
public final class Trainer {
    /** Told after every update. */
    @FunctionalInterface
    public interface Listener {
        /**
         * @param step updates made so far, from {@code start + 1} to {@code steps}
         * @param loss mean loss of the batch before the update
         * @return false to stop here
         */
        boolean updated(long step, float loss);
    }

    private static final int NORM_PART = 8192;

    private final Device device;
    private final Model model;
    private final Dataset data;
    private final Course course;
    private final long seed;
    private final String path;
    private final Training training;
    private final Optional<Adapter> adapter;
    private final List<Hook> hooks;
    private final float[] step = {0f, 1f, 1f, 1f};
    private Optional<Adaptation> adaptation = Optional.empty();
    private final Map<String, Double> findings = new LinkedHashMap<>();
    private long activations;

    /** Bytes that the adapter and hooks remember besides parameters. */
    private long besides;

    private TrainingMemory memory;

    /**
     * @param seed with {@code path}, decides the order of the examples
     * @param path where in the experiment this training stands
     * @param state moments and whatever else must survive a kill
     */
    public Trainer(Device device, Model model, Dataset data, Course course, long seed, String path, NamedArrays state) {
        this(new Training(device, model, data, course, seed, path, state), Optional.empty(), List.of());
    }

    /**
     * @param adapter through which the network is trained; without one, all its own parameters are
     * @param hooks what takes part besides
     */
    public Trainer(Training training, Optional<Adapter> adapter, List<Hook> hooks) {
        this.data = training.data();
        if (data.size() == 0) throw new IllegalArgumentException(data.name() + " holds no examples to train on");
        this.training = training;
        this.device = training.device();
        this.model = training.model();
        this.course = training.course();
        this.seed = training.seed();
        this.path = training.path();
        this.adapter = adapter;
        this.hooks = List.copyOf(hooks);
    }

    /** A network traced with its loss. */
    private record Traced(Feed feed, Losses.Loss loss, List<Launch> launches) {}

    /**
     * Trains from update {@code done} to the end. An adapter is still in place afterwards.
     *
     * @param done updates made before, {@code course.start()} for a fresh start
     * @return the number of updates made in all: {@code course.steps()}, or fewer if the listener stopped it
     * @throws NotFiniteException if the loss is NaN or infinite
     */
    public long train(long done, Listener listener) {
        List<Hook.Live> live = begin();
        int examples = feedSize();
        for (Hook.Live hook : live) examples = hook.examples(examples);
        Traced traced = traced(examples, live);
        Feed feed = traced.feed();
        Losses.Loss loss = traced.loss();
        long own = live.stream().mapToLong(Hook.Live::bytes).sum();
        NamedArrays remembered = training.state().counting();
        List<Plan> plans = device.compileTogether(List.of(traced.launches(), update(remembered)));
        Plan gradients = plans.getFirst(), update = plans.getLast();
        update.wrote(step);
        memory = TrainingMemory.of(model, trained(), besides + remembered.asked(), activations + own);
        Order order = new Order(data.size(), feedSize());
        for (long t = done; t < course.steps(); t++) {
            Batch batch = order.batch(t);
            for (Hook.Live hook : live) batch = hook.choose(batch, t);
            feed.fillForMean(batch);
            step[0] = (float)
                    (course.optimise().rate() * course.optimise().schedule().factor(t, course.steps()));
            course.optimise().prepare(step, t - course.start() + 1);
            feed.wrote(gradients);
            gradients.run();
            gradients.read(loss.total());
            float mean = loss.total()[0];
            if (!Float.isFinite(mean)) throw notFinite(feed, mean, t + 1);
            update.wrote(step);
            update.run();
            for (Hook.Live hook : live) hook.updated(t + 1);
            if (t + 1 == course.steps()) NotFiniteException.check(model, path, t + 1);
            if (!listener.updated(t + 1, mean)) return t + 1;
        }
        for (Hook.Live hook : live) findings.putAll(hook.findings());
        return course.steps();
    }

    /** Puts the adapter in place, and starts the hooks. */
    private List<Hook.Live> begin() {
        List<Hook.Live> live = new ArrayList<>();
        long asked = training.state().asked();
        if (adapter.isPresent()) {
            Adaptation attached = adapter.get().attach(training);
            for (Parameter p : model.parameters()) p.freeze(true);
            adaptation = Optional.of(attached);
            live.add(attached);
        }
        for (Hook hook : hooks) live.add(hook.start(training));
        besides = training.state().asked() - asked;
        for (Parameter p : adaptation.map(Adaptation::parameters).orElse(List.of())) besides -= 4L * p.size();
        training.begun();
        return live;
    }

    /** Traces twice: first to see which arrays are needed when, then with arrays that are shared over time. */
    private Traced traced(int examples, List<Hook.Live> live) {
        model.releaseGradients();
        Sketch sketch = new Sketch();
        Traced first = trace(Graph.forTraining(sketch, course.recompute()), examples, live);
        Sketch.Arena arena = sketch.arena(first.launches());
        Traced second = trace(Graph.forTraining(arena, course.recompute()), examples, live);
        activations = arena.bytes();
        return second;
    }

    private Traced trace(Graph graph, int examples, List<Hook.Live> live) {
        Feed feed = new Feed(device, graph, model, data, examples);
        Losses.Loss loss = model.loss(graph, feed.input(), feed.labels(), feed.weights());
        for (Hook.Live hook : live) hook.trace(graph);
        graph.differentiate();
        return new Traced(feed, loss, graph.launches());
    }

    /** What is trained: the adapter's parameters, or the network's own. */
    public List<Parameter> trained() {
        return adaptation.map(Adaptation::parameters).orElseGet(model::trainable);
    }

    /** The adapter in place, from the beginning of {@link #train} to {@link #merge}. */
    public Optional<Adaptation> adaptation() {
        return adaptation;
    }

    /** What hooks and the adapter had to say at the end. */
    public Map<String, Double> findings() {
        return findings;
    }

    /** What training holds, once it has begun. */
    public TrainingMemory memory() {
        return memory;
    }

    /**
     * Makes the adapter, which has to be in place, part of the weights, and leaves the network to be trained as a whole again.
     *
     * @return what was compared before and after
     * @throws IllegalStateException if the merged network computes something else, or zeros that the adapter promised to keep are gone
     */
    public Merge merge() {
        Merge.Probe probe = new Merge.Probe(device, model, data, feedSize());
        Adaptation merging = adaptation.orElseThrow();
        Merge.Before before = probe.before();
        merging.merge();
        adaptation = Optional.empty();
        for (Parameter p : model.parameters()) p.freeze(false);
        return probe.compare(before, adapter.orElseThrow().keepsZeros(), path);
    }

    private NotFiniteException notFinite(Feed feed, float loss, long step) {
        if (NotFiniteException.finite(feed.input().value()))
            return NotFiniteException.in(model, "loss", loss, path, step);
        return new NotFiniteException("loss is " + loss + " at step " + step + " of " + path + "; the input from "
                + data.name() + " is not finite");
    }

    private int feedSize() {
        return Math.min(course.batch(), data.size());
    }

    private List<Launch> update(NamedArrays state) {
        List<Launch> launches = new ArrayList<>();
        List<Parameter> trained = trained();
        if (course.clip() > 0) clip(trained, launches);
        for (Parameter parameter : trained) {
            course.optimise().update(parameter, step, state, launches::add);
            Mask mask = parameter.trainedMask();
            if (mask != null) launches.add(mask(parameter.name() + ".mask", parameter.trainedValue(), mask));
        }
        return launches;
    }

    /** Pruned weights have gradients too, which must not count towards the norm. */
    private void clip(List<Parameter> trained, List<Launch> launches) {
        int parts = 0;
        for (Parameter p : trained) parts += (p.trainedGrad().length + NORM_PART - 1) / NORM_PART;
        float[] sums = new float[parts];
        int at = 0;
        for (Parameter p : trained) {
            float[] grad = p.trainedGrad();
            Mask mask = p.trainedMask();
            if (mask != null) launches.add(mask(p.name() + ".grad-mask", grad, mask));
            int own = (grad.length + NORM_PART - 1) / NORM_PART, offset = at;
            launches.add(Launch.of(p.name() + ".norm", own, Norm::squares, sums, grad, grad.length, NORM_PART, at)
                    .withHost((f, c) -> NormBodies.squares(sums, grad, grad.length, NORM_PART, offset, f, c))
                    .inSlicesOf(4));
            at += own;
        }
        launches.add(Launch.of("clip", 1, Norm::clip, step, sums, parts, (float) course.clip()));
    }

    private static Launch mask(String name, float[] values, Mask mask) {
        int[] kept = mask.words();
        return Launch.of(name, mask.size(), Pointwise::mask, values, kept)
                .withHost((f, c) -> ElementBodies.mask(values, kept, f, c));
    }

    /**
     * Which examples a step sees: each epoch is a fresh permutation. Its last batch may be smaller, or is left out where
     * padding would show in the statistics of batch norm.
     */
    private final class Order {
        private final int size;
        private final int batch;
        private final long perEpoch;
        private long epoch = -1;
        private int[] ids;

        Order(int size, int batch) {
            this.size = size;
            this.batch = batch;
            this.perEpoch = model.mixesExamples() ? size / batch : (size + batch - 1) / batch;
        }

        Batch batch(long step) {
            if (step / perEpoch != epoch) {
                epoch = step / perEpoch;
                ids = Rng.permutation(Rng.of(seed, path + "/order", epoch), size);
            }
            int first = (int) (step % perEpoch) * batch;
            int count = Math.min(batch, size - first);
            return new Batch(Arrays.copyOfRange(ids, first, first + count), null);
        }
    }
}
