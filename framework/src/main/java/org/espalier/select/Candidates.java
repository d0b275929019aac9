package org.espalier.select;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.espalier.data.Dataset;
import org.espalier.data.text.Tokenizer;
import org.espalier.engine.Rng;
import org.espalier.launch.Device;
import org.espalier.models.Model;
import org.espalier.train.NamedArrays;

/**
 * What a selector may look at.
 *
 * @param data the examples to choose from
 * @param keep how many are wanted, 1 to all of them
 * @param seed of all that is drawn
 */
public record Candidates(
        Dataset data, int keep, long seed, Device device, Networks networks, Sources sources, Progress progress) {
    /**
     * The network in several states.
     *
     * @param now as it stands; to be left so
     * @param fresh one of its own with weights drawn by a seed
     * @param saved one of its own with the weights and masks that a {@code save} of this name remembered
     */
    public record Networks(Model now, LongFunction<Model> fresh, Function<String, Model> saved) {}

    /**
     * Other data.
     *
     * @param parts of the spec, by name
     * @param tokenizer that cuts text for the model
     * @param datasets the folder that data sets are fetched into
     */
    public record Sources(Function<String, Dataset> parts, Supplier<Tokenizer> tokenizer, Path datasets) {}

    /**
     * What makes long work resumable: whatever lies in the arrays when a {@link #moment} comes may be in the next checkpoint, and is here
     * again when the selection is begun anew after a kill.
     *
     * @param arrays empty at first
     * @param keeper writes a checkpoint if it is time to; what it is given runs before that
     */
    public record Progress(NamedArrays arrays, Consumer<Runnable> keeper) {
        /** Work that nobody resumes. */
        public static Progress none() {
            return new Progress(new NamedArrays(), prepare -> {});
        }

        /** To be called now and then, whenever the arrays say all that was done so far. */
        public void moment() {
            moment(() -> {});
        }

        /** The same where the arrays say it only after {@code prepare}, which runs if a checkpoint is due. */
        public void moment(Runnable prepare) {
            keeper.accept(prepare);
        }
    }

    /** Random numbers that depend on the pool's seed, a name and a number alone. */
    public RandomGenerator random(String name, long number) {
        return Rng.of(seed, name, number);
    }

    /** The network as it stands. */
    public Model model() {
        return networks.now();
    }

    /** Another part of the data. */
    public Dataset part(String name) {
        return sources.parts().apply(name);
    }

    /** The examples to choose from as texts. */
    public List<String> texts() {
        return texts(data);
    }

    /**
     * The examples of a part as texts: windows are put together again by the tokenizer that cut them.
     *
     * @throws IllegalArgumentException if they are no texts
     */
    public List<String> texts(Dataset of) {
        List<String> texts = new ArrayList<>(of.size());
        for (int i = 0; i < of.size(); i++)
            texts.add(of.text(i, sources.tokenizer())
                    .orElseThrow(() -> new IllegalArgumentException(of.name() + " holds no text")));
        return texts;
    }
}
