package org.espalier.experiment;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.espalier.models.Model;

/**
 * An experiment that was found to make sense, unrolled into stages and priced.
 *
 * @param experiment what the spec says
 * @param key names the run: it follows from everything that makes its numbers
 * @param stages what happens, for each seed
 * @param cost what it will take, without its origin
 * @param origin the program whose result this one starts from
 * @param folder where the specs it names are looked for
 */
public record Program(
        Experiment experiment, Key key, List<Stage> stages, Cost cost, Optional<Program> origin, Path folder) {
    /**
     * What a run takes, estimated before it starts.
     *
     * @param weights weights of the network, all parameters counted
     * @param steps optimiser updates of all stages and seeds
     * @param bytes the larger arrays: data, parameters, moments, activations
     * @param seconds a guess, from the arithmetic and a rate that is modest for two cores
     */
    public record Cost(long weights, long steps, long bytes, double seconds) {}

    /** The network with freshly drawn weights. */
    Model fresh(long seed) {
        return origin.map(o -> o.fresh(seed)).orElseGet(() -> Planner.build(experiment, seed));
    }

    /** The seed of the origin whose result this program's {@code seed} starts from: the same if there is one, else its first. */
    long originSeed(long seed) {
        List<Long> seeds = origin.orElseThrow().experiment.seeds();
        return seeds.contains(seed) ? seed : seeds.getFirst();
    }
}
