package org.espalier.experiment;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.measure.Metric;
import org.espalier.prune.Pruning;
import org.espalier.prune.Recipe;
import org.espalier.select.Keep;
import org.espalier.select.Selector;
import org.espalier.spec.Beside;
import org.espalier.spec.Default;
import org.espalier.spec.Inline;
import org.espalier.train.Adapter;
import org.espalier.train.Course;
import org.espalier.train.Hook;

/**
 * A verb of a spec. The set is closed: a new method is a record in {@code methods}, a new verb is a decision about the
 * language.
 */
public sealed interface Step {
    /** The name its metrics carry: {@code as}, or the verb. */
    default String name() {
        return as().orElse(verb());
    }

    /** Tells apart steps that share a verb. */
    default Optional<String> as() {
        return Optional.empty();
    }

    /** The word that begins the step in a spec. */
    default String verb() {
        return getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }

    /** Remembers all weights and masks under a name. */
    record Save(String to) implements Step {}

    /** Sets all weights back to what was saved; masks stay, so pruned weights stay zero. */
    record Rewind(String to) implements Step {}

    /** Sets all weights and masks back to what was saved: what was pruned since is there again. */
    record Restore(String to) implements Step {}

    /**
     * Draws all weights anew; masks stay.
     *
     * @param fan whether the variance follows the dense layer's inputs or the surviving ones, as "Rethinking the Value of
     *     Network Pruning" does
     */
    record Reinit(Optional<String> as, @Default("dense") Fan fan) implements Step {
        /** Which inputs count in a layer's initial variance. */
        public enum Fan {
            DENSE,
            SPARSE
        }
    }

    /**
     * Chooses examples and gives them a name, under which the steps that follow may use them like any part of the data.
     *
     * @param from the part to choose from
     * @param to what the chosen ones are called; a name that an earlier selection has given means the new one from then on
     * @param keep how many, in each turn of the loop around it if there are several amounts; left out where the method has no choice
     * @param toward a part whose text the chosen text is compared with: how much nearer to it in n-grams it is than all text, whoever
     *     chooses ({@code kl-reduction})
     * @param by who chooses; {@code { dsir: { … }, keep: 0.1 }} is short for {@code { by: { dsir: { … } }, keep: 0.1 }}
     */
    record Select(
            Optional<String> as,
            @Default("train") String from,
            @Default("selected") String to,
            @Default("[]") List<Keep> keep,
            Optional<String> toward,
            @Beside Selector by)
            implements Step {
        public Select {
            if (!to.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,63}"))
                throw new IllegalArgumentException("to must be letters, digits, _ and -, got '" + to + "'");
            if (to.equals(from)) throw new IllegalArgumentException("to is " + to + " like from: give it another name");
            if (by.needsKeep() && keep.isEmpty())
                throw new IllegalArgumentException("keep is missing: how many of the examples are wanted?");
            if (!by.needsKeep() && !keep.isEmpty())
                throw new IllegalArgumentException("keep has no meaning here: this method takes what it takes");
        }

        /**
         * How many examples are wanted of so many.
         *
         * @param turn of the loop around the step, from 1
         * @throws IllegalArgumentException if that is none, or more than there are, or nobody says
         */
        int wanted(int there, int turn) {
            if (keep.isEmpty()) return there;
            if (keep.size() > 1 && (turn < 1 || turn > keep.size()))
                throw new IllegalArgumentException("keep has " + keep.size() + " amounts, one for each turn of the loop"
                        + " around it, and none for turn " + turn);
            return keep.get(keep.size() == 1 ? 0 : turn - 1).of(there, from);
        }
    }

    /**
     * Trains the surviving weights.
     *
     * @param data the part of the data to train on
     * @param watch what to measure while it goes on
     * @param save weights to remember on the way: name and number of updates
     */
    record Train(
            Optional<String> as,
            @Default("train") String data,
            @Inline Course course,
            Optional<Watch> watch,
            @Default("{}") Map<String, Long> save,
            @Default("[]") List<Hook> hooks)
            implements Step {
        public Train {
            save.forEach((name, at) -> {
                if (at <= course.start() || at > course.steps())
                    throw new IllegalArgumentException("save: " + name + ": " + at + " lies outside the training from "
                            + course.start() + " to " + course.steps());
            });
        }
    }

    /**
     * Trains after pruning.
     *
     * @param adapt through which parameters; left out, all surviving weights are trained
     * @param hooks what takes part besides
     * @param zeros what is to become of pruned weights when an adapter is merged: unless they may be filled, only adapters that
     *     keep them are accepted
     */
    record Recover(
            Optional<String> as,
            @Default("train") String data,
            @Inline Course course,
            Optional<Watch> watch,
            Optional<Adapter> adapt,
            @Default("[]") List<Hook> hooks,
            @Default("keep") Zeros zeros)
            implements Step {
        /** The same on another part of the data. */
        Recover on(String part) {
            return new Recover(as, part, course, watch, adapt, hooks, zeros);
        }

        /** What becomes of pruned weights. */
        public enum Zeros {
            /** They stay zero. */
            KEEP,
            /** They may be filled: the network is dense afterwards. */
            FILL
        }
    }

    /**
     * Removes weights.
     *
     * @param calibrate what to gather evidence on, for methods that need any
     */
    record Prune(Optional<String> as, @Inline Recipe recipe, Optional<Calibrate> calibrate) implements Step {
        public Prune {
            recipe.check();
        }

        /**
         * Which examples evidence is gathered on.
         *
         * @param data the part of the data
         * @param samples how many examples of it, drawn at random
         * @param walk whether later blocks of the network see what is left of the earlier ones or what they were before
         */
        public record Calibrate(
                @Default("train") String data,
                int samples,
                @Default("sequential") Pruning.Order walk) {
            public Calibrate {
                if (samples < 1) throw new IllegalArgumentException("samples must be at least 1, got " + samples);
            }
        }
    }

    /** Measures the model on a part of the data. */
    record Evaluate(
            Optional<String> as,
            @Default("test") String data,
            @Default("[accuracy, loss, sparsity]") List<Metric> metrics)
            implements Step {}

    /** Does steps again and again. */
    record Repeat(int times, List<Step> steps) implements Step {
        public Repeat {
            if (times < 1) throw new IllegalArgumentException("times must be at least 1, got " + times);
            if (steps.isEmpty()) throw new IllegalArgumentException("there is nothing to repeat");
        }
    }
}
