package org.espalier.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.espalier.data.ByteExamples;
import org.espalier.data.Dataset;
import org.espalier.data.Part;
import org.espalier.data.source.Mnist;
import org.espalier.engine.Parameter;
import org.espalier.engine.Rng;
import org.espalier.launch.Device;
import org.espalier.models.Model;
import org.espalier.models.Zoo;
import org.espalier.spec.Binder;
import org.espalier.spec.Yaml;
import org.espalier.train.Course;
import org.espalier.train.NamedArrays;
import org.espalier.train.Optimiser;
import org.espalier.train.Trainer;

/** A network with data in memory, and training steps on it: the same work as in {@code peer.py}. */
final class Workload {
    private static final int BATCH = 60;
    private static final int CLASSES = 10;

    private final Device device;
    private final Model model;
    private final Dataset data;
    private final Optimiser optimiser;

    /**
     * @param zoo the network as a spec writes it
     * @param data images in ten classes
     */
    Workload(Device device, String zoo, double rate, Dataset data) {
        this.device = device;
        this.model = Binder.bind(Zoo.class, Yaml.parse(zoo, "benchmark")).build(data.shape(), CLASSES, 1);
        this.data = data;
        this.optimiser = Binder.bind(Optimiser.class, Yaml.parse("{ adam: { rate: " + rate + " } }", "benchmark"));
    }

    Model model() {
        return model;
    }

    /** Keeps a random share of the weights of each layer. */
    void prune(double density) {
        for (Parameter weight : model.weights()) {
            var random = Rng.of(1, weight.name(), 0);
            float[] mask = new float[weight.size()];
            for (int i = 0; i < mask.length; i++) mask[i] = random.nextFloat() < density ? 1 : 0;
            weight.mask(mask);
        }
    }

    /** Traces the network and makes updates, batches drawn from the whole data. */
    void train(int steps) {
        Course course = new Course(BATCH, steps, 0, optimiser, 0, false);
        new Trainer(device, model, data, course, 1, "benchmark", new NamedArrays()).train(0, (step, loss) -> true);
    }

    /** LeNet-300-100. */
    static Workload lenet(Device device, Dataset data) {
        return new Workload(device, "{ lenet: { hidden: [300, 100] } }", 1.2e-3, data);
    }

    /** MNIST as the lottery ticket experiment splits it: how many of its pixels are zero counts. */
    static Dataset mnist(Part part) throws IOException {
        return new Mnist(part, 5_000).open(Path.of("datasets"));
    }

    /** Images none of whose pixels is zero on purpose. */
    static Dataset random(int examples, int... shape) {
        List<Integer> form = Arrays.stream(shape).boxed().toList();
        Dataset.Shape examplesOf = new Dataset.Shape(form, CLASSES);
        byte[] pixels = new byte[examples * examplesOf.features()];
        byte[] labels = new byte[examples];
        SplittableRandom random = new SplittableRandom(1);
        random.nextBytes(pixels);
        for (int i = 0; i < examples; i++) labels[i] = (byte) random.nextInt(CLASSES);
        return new ByteExamples(
                "random",
                "",
                examplesOf,
                examples,
                new ByteExamples.Bytes(pixels, 0),
                new ByteExamples.Bytes(labels, 0));
    }
}
