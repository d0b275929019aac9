package org.espalier.experiment;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.data.Dataset;
import org.espalier.engine.Rng;
import org.espalier.launch.Device;
import org.espalier.models.Model;
import org.espalier.models.Zoo;

/**
 * An experiment that was found to make sense, unrolled into stages and priced.
 *
 * @param experiment what the spec says
 * @param key names the run: it follows from everything that makes its numbers
 * @param stages what happens, for each seed
 * @param cost what it will take, without its origin
 * @param origin the program whose result this one starts from
 * @param places where the specs and files it names are looked for
 * @param arithmetic of the device that runs it; all but the CPU's enter the key
 */
public record Program(
        Experiment experiment,
        Key key,
        List<Stage> stages,
        Cost cost,
        Optional<Program> origin,
        Zoo.Places places,
        String arithmetic) {
    /**
     * What a run takes, estimated before it starts.
     *
     * @param weights weights of the network, all parameters counted
     * @param steps optimiser updates of all stages and seeds
     * @param bytes the larger arrays: data, parameters, moments, activations
     * @param seconds a guess, from the arithmetic and a rate that is modest for two cores; what goes over parts of unknown size is not in it
     * @param streamed bytes of weights that stay in the model's files, where one block at a time is in memory; else 0
     * @param estimated parts of the data whose examples were estimated from the size of their text, and how many those are
     * @param unknown parts that stages use and whose examples only opening the data would tell
     */
    public record Cost(
            long weights,
            long steps,
            long bytes,
            double seconds,
            long streamed,
            Map<String, Long> estimated,
            List<String> unknown) {}

    /**
     * The same on a device that is not the CPU, and rounds otherwise: its results, and those it starts from, have keys of their own, so
     * that what was computed on one is never taken for what another would compute.
     *
     * @throws IllegalArgumentException if this is already a program of another device
     */
    public Program on(String device) {
        if (device.equals(arithmetic)) return this;
        if (!arithmetic.equals(Device.CPU))
            throw new IllegalArgumentException(
                    "this run was begun on " + arithmetic + " and cannot go on on " + device + ": name its device");
        Optional<Program> before = origin.map(program -> program.on(device));
        return new Program(experiment, key.then("on " + device), stages, cost, before, places, device);
    }

    /** The kind of network, which a spec may have from the one it starts from. */
    Zoo zoo() {
        return origin.map(Program::zoo).orElse(experiment.model());
    }

    /** The network with freshly drawn weights, or those of its files. */
    Model fresh(long seed) throws IOException {
        Dataset.Shape shape = shape();
        return zoo().open(
                        places,
                        shape.dimensions(),
                        shape.classes(),
                        Rng.of(seed, "model", 0).nextLong());
    }

    /** The form of the data that the network is built for. */
    Dataset.Shape shape() {
        return experiment.data().values().iterator().next().form();
    }

    /** The seed of the origin whose result this program's {@code seed} starts from: the same if there is one, else its first. */
    long originSeed(long seed) {
        List<Long> seeds = origin.orElseThrow().experiment.seeds();
        return seeds.contains(seed) ? seed : seeds.getFirst();
    }
}
