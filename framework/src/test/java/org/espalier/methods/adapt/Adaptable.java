package org.espalier.methods.adapt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.espalier.data.TokenWindows;
import org.espalier.data.file.Safetensors;
import org.espalier.data.pretrained.Checkpoint;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Losses;
import org.espalier.engine.ops.RotaryScaling;
import org.espalier.launch.CpuDevice;
import org.espalier.methods.optimise.Sgd;
import org.espalier.methods.schedule.Constant;
import org.espalier.models.GoldenFolder;
import org.espalier.models.Init;
import org.espalier.models.Model;
import org.espalier.models.pretrained.PretrainedModel;
import org.espalier.models.zoo.Llama;
import org.espalier.train.Adaptation;
import org.espalier.train.Adapter;
import org.espalier.train.Batch;
import org.espalier.train.Course;
import org.espalier.train.NamedArrays;
import org.espalier.train.Optimiser;
import org.espalier.train.Trainer;
import org.espalier.train.Training;

/** A small language model, windows of tokens, and an adapter in training: what the tests of adapters share. */
public final class Adaptable {
    private final CpuDevice device;
    private final Model model;
    private final TokenWindows data;
    private final NamedArrays state;

    private Adaptable(CpuDevice device, Model model, TokenWindows data, NamedArrays state) {
        this.device = device;
        this.model = model;
        this.data = data;
        this.state = state;
    }

    /** A Llama of two blocks with random weights, and random windows. */
    public static Adaptable random(CpuDevice device, long seed) {
        Model model = new Llama(
                        13,
                        16,
                        2,
                        4,
                        Optional.of(2),
                        Optional.empty(),
                        24,
                        64,
                        10_000,
                        new RotaryScaling.Unscaled(),
                        1e-5,
                        false,
                        Init.GLOROT_NORMAL)
                .build(new int[] {9}, 0, seed);
        int[] tokens = new SplittableRandom(seed).ints(6 * 9, 0, 13).toArray();
        int[] starts = IntStream.range(0, 6).map(i -> 9 * i).toArray();
        return new Adaptable(device, model, new TokenWindows("random", "", 13, 9, tokens, starts), new NamedArrays());
    }

    /** A golden model and the windows in a file. */
    public static Adaptable golden(CpuDevice device, GoldenFolder model, GoldenFolder folder, String file) {
        try (Checkpoint checkpoint = Checkpoint.open(model.path("model"));
                Safetensors batch = Safetensors.open(folder.path(file))) {
            int[] ids = batch.ints("input_ids");
            int length = batch.tensors().get("input_ids").shape().get(1).intValue();
            int[] starts =
                    IntStream.range(0, ids.length / length).map(i -> length * i).toArray();
            Model opened = PretrainedModel.open(checkpoint, length);
            return new Adaptable(
                    device,
                    opened,
                    new TokenWindows("golden", "", opened.classes(), length, ids, starts),
                    new NamedArrays());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A model in a folder, and sequences of 15 tokens: 0, 1, 2 and so on, as {@code adapters.py} has them. */
    public static Adaptable counting(CpuDevice device, Path folder) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            Model model = PretrainedModel.open(checkpoint, 15);
            int[] ids = IntStream.range(0, 30).map(i -> i % 97).toArray();
            return new Adaptable(
                    device,
                    model,
                    new TokenWindows("counting", "", model.classes(), 15, ids, new int[] {0, 15}),
                    new NamedArrays());
        }
    }

    public Model model() {
        return model;
    }

    public CpuDevice device() {
        return device;
    }

    public TokenWindows data() {
        return data;
    }

    /** Has the parameter of an adapter begin with these values. */
    public void begin(String parameter, float[] values) {
        state.put("adapter/" + parameter, values.clone());
    }

    public Training training(long steps, Optimiser optimiser) {
        return new Training(
                device, model, data, new Course(data.size(), steps, 0, optimiser, 0, false), 3, "recover", state);
    }

    public static Optimiser sgd(double rate) {
        return new Sgd(rate, 0, 0, false, new Constant(0));
    }

    /** Trains, and leaves the adapter in place. */
    public Trainer trained(Adapter adapter, long steps, Optimiser optimiser, Trainer.Listener listener) {
        Trainer trainer = new Trainer(training(steps, optimiser), Optional.of(adapter), List.of());
        trainer.train(0, listener);
        return trainer;
    }

    /** Puts an adapter in place as the trainer does. */
    public Adaptation attached(Adapter adapter) {
        Adaptation attached = adapter.attach(training(100, sgd(0.1)));
        for (Parameter p : model.parameters()) p.freeze(true);
        return attached;
    }

    public float[] logits() {
        Graph g = Graph.forEvaluation();
        Tensor logits = model.forward(g, tokens(g));
        device.compile(g.launches()).run();
        return logits.value();
    }

    /** The gradients of the mean loss, by the names of what is trained. */
    public Map<String, float[]> gradients(Adaptation attached) {
        Graph g = Graph.forTraining();
        loss(g);
        attached.trace(g);
        g.differentiate();
        device.compile(g.launches()).run();
        Map<String, float[]> gradients = new TreeMap<>();
        for (Parameter p : attached.parameters())
            gradients.put(p.name(), p.grad().clone());
        return gradients;
    }

    /** The mean loss as it is in training before update {@code step}. */
    public double lossInTraining(Adaptation attached, long step) {
        Graph g = Graph.forTraining();
        Losses.Loss loss = loss(g);
        attached.choose(new Batch(new int[0], null), step);
        device.compile(g.launches()).run();
        return loss.total()[0];
    }

    private Losses.Loss loss(Graph g) {
        int n = data.size(), length = data.shape()[0];
        int[] labels = new int[n * length];
        float[] weights = new float[n * length];
        for (int e = 0; e < n; e++)
            for (int p = 0; p < length; p++) {
                labels[e * length + p] = data.label(e, p);
                weights[e * length + p] = data.weight(e, p) / (n * (length - 1));
            }
        return model.loss(g, tokens(g), labels, weights);
    }

    /** The mean loss. */
    public double loss() {
        Graph g = Graph.forEvaluation();
        Losses.Loss loss = loss(g);
        device.compile(g.launches()).run();
        return loss.total()[0];
    }

    private Tensor tokens(Graph g) {
        int n = data.size(), length = data.shape()[0];
        Tensor tokens = g.input("tokens", n, new int[] {length}, Layout.ROWS);
        for (int e = 0; e < n; e++) data.copy(e, tokens.value(), e * length);
        return tokens;
    }
}
