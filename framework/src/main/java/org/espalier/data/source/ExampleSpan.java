package org.espalier.data.source;

import java.io.IOException;
import java.util.Locale;
import org.espalier.data.Part;

/**
 * Which examples of a file make up a part: {@code train} is all but the hold-out, {@code holdout} the last ones of the
 * training file, {@code test} the whole test file.
 *
 * @param name of the part, for reports
 */
record ExampleSpan(String name, int first, int size) {
    /** @param all number of examples in the file or files that the part is taken from */
    static ExampleSpan of(String dataset, Part part, int holdout, int all) throws IOException {
        if (part != Part.TEST && holdout > all) {
            throw new IOException(dataset + " has " + all + " training examples, fewer than a holdout of " + holdout);
        }
        String name = dataset + "/" + part.name().toLowerCase(Locale.ROOT);
        return switch (part) {
            case TRAIN -> new ExampleSpan(name, 0, all - holdout);
            case HOLDOUT -> new ExampleSpan(name, all - holdout, holdout);
            case TEST -> new ExampleSpan(name, 0, all);
        };
    }

    /** How many examples a part has, of a dataset with so many. */
    static int examples(Part part, int holdout, int train, int test) {
        return switch (part) {
            case TRAIN -> Math.max(0, train - holdout);
            case HOLDOUT -> holdout;
            case TEST -> test;
        };
    }

    /** What the constructors of sources check. */
    static void check(Part part, int holdout) {
        if (holdout < 0) {
            throw new IllegalArgumentException("holdout must not be negative, as " + holdout + " is");
        }
        if (part == Part.HOLDOUT && holdout == 0) {
            throw new IllegalArgumentException("holdout must say how many examples the part 'holdout' has");
        }
    }
}
