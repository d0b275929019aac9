package org.espalier.experiment;

import org.espalier.spec.Bound;
import org.espalier.spec.Marks;
import org.espalier.spec.SpecException;

/** What is wrong with an experiment as a whole, said at the place where it was written, if a spec was read. */
final class Refusals {
    private final Experiment experiment;
    private final Marks marks;

    Refusals(Bound<Experiment> written) {
        this.experiment = written.value();
        this.marks = written.marks();
    }

    /** A refusal of a stage, named by its path, at the place of its step. */
    RuntimeException of(Stage stage, String why) {
        return at(read(stage.step()), why, stage.path() + ": " + why);
    }

    /** A refusal of another part of the experiment. */
    RuntimeException of(Object part, String why) {
        return at(part, why, why);
    }

    /** The record that a step was read as; a recovery on what was selected has been made from its section. */
    private Object read(Step step) {
        return step instanceof Step.Recover && experiment.recover().isPresent()
                ? experiment.recover().get()
                : step;
    }

    /** What is not written anywhere, such as a step that a section implies, is wrong with the spec as a whole. */
    private RuntimeException at(Object part, String why, String problem) {
        return marks.of(part, why)
                .or(() -> marks.of(experiment, why))
                .<RuntimeException>map(mark -> new SpecException(problem, mark))
                .orElseGet(() -> new IllegalArgumentException(problem));
    }
}
