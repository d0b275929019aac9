package org.espalier.experiment;

import org.espalier.spec.Canonical;

/** A SHA-256 that names a run or a step's result. */
public record Key(String digest) {
    private static final int SHOWN = 12;

    /** The key of a run on the CPU: all that makes its numbers. The number of threads does not. */
    static Key of(Experiment experiment) {
        return new Key(Canonical.sha256(experiment.keyText()));
    }

    /** The key of what follows when {@code next} is done after what this key names. */
    Key then(String next) {
        return new Key(Canonical.sha256(digest + "\n" + next));
    }

    /** The digits that name folders. */
    public String shortened() {
        return digest.substring(0, SHOWN);
    }

    @Override
    public String toString() {
        return shortened();
    }
}
