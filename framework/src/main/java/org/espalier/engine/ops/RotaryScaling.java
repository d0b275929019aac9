package org.espalier.engine.ops;

/**
 * How rotary frequencies are changed so that a model copes with longer sequences than it was trained on; as transformers'
 * {@code rope_scaling} defines them.
 */
public sealed interface RotaryScaling {
    /** The {@code rotated / 2} frequencies, radians per position, for a sequence of {@code length} tokens. */
    double[] frequencies(int rotated, double theta, int length);

    /** What cosines and sines are multiplied by. */
    default double factor() {
        return 1;
    }

    /** Whether longer sequences have other frequencies. */
    default boolean dependsOnLength() {
        return false;
    }

    private static double[] plain(int rotated, double theta) {
        double[] frequencies = new double[rotated / 2];
        for (int j = 0; j < frequencies.length; j++) frequencies[j] = Math.pow(theta, -2.0 * j / rotated);
        return frequencies;
    }

    private static void atLeastOne(String what, double value) {
        if (!(value >= 1))
            throw new IllegalArgumentException(what + " of rotary scaling must be at least 1, got " + value);
    }

    /** No scaling. */
    record Unscaled() implements RotaryScaling {
        @Override
        public double[] frequencies(int rotated, double theta, int length) {
            return plain(rotated, theta);
        }
    }

    /** Positions pressed together: type {@code linear} (Chen et al. 2023). */
    record Pressed(double by) implements RotaryScaling {
        public Pressed {
            atLeastOne("factor", by);
        }

        @Override
        public double[] frequencies(int rotated, double theta, int length) {
            double[] frequencies = plain(rotated, theta);
            for (int j = 0; j < frequencies.length; j++) frequencies[j] /= by;
            return frequencies;
        }
    }

    /**
     * The base grows with the sequence: type {@code dynamic} (NTK-aware).
     *
     * @param positions the longest sequence that needs no scaling
     */
    record Dynamic(double by, int positions) implements RotaryScaling {
        public Dynamic {
            atLeastOne("factor", by);
            atLeastOne("positions", positions);
        }

        @Override
        public double[] frequencies(int rotated, double theta, int length) {
            double stretch = by * Math.max(length, positions) / positions - (by - 1);
            return plain(rotated, theta * Math.pow(stretch, rotated / (rotated - 2.0)));
        }

        @Override
        public boolean dependsOnLength() {
            return true;
        }
    }

    /**
     * Long waves pressed together, short ones left alone, those between blended: type {@code llama3} (Grattafiori et al. 2024).
     *
     * @param positions tokens of the sequences that the model was first trained on
     */
    record Llama3(double by, double low, double high, int positions) implements RotaryScaling {
        public Llama3 {
            atLeastOne("factor", by);
            atLeastOne("positions", positions);
            if (!(low > 0 && high > low))
                throw new IllegalArgumentException("llama3 scaling needs 0 < low < high, got " + low + " and " + high);
        }

        @Override
        public double[] frequencies(int rotated, double theta, int length) {
            double[] frequencies = plain(rotated, theta);
            for (int j = 0; j < frequencies.length; j++) {
                double turns = positions * frequencies[j] / (2 * Math.PI);
                double kept = Math.clamp((turns - low) / (high - low), 0, 1);
                frequencies[j] *= kept + (1 - kept) / by;
            }
            return frequencies;
        }
    }

    /**
     * Blended by how often a feature turns within the original length: type {@code yarn} (Peng et al. 2023).
     *
     * @param fast turns above which a frequency stays, 32 by default; {@code slow} those below which it is pressed together, 1
     * @param positions tokens of the sequences that the model was first trained on
     * @param attention what cosines and sines are multiplied by; see {@link #attention(double)}
     * @param truncate whether the ends of the ramp are rounded to whole features, as by default
     */
    record Yarn(double by, double fast, double slow, int positions, double attention, boolean truncate)
            implements RotaryScaling {
        public Yarn {
            atLeastOne("factor", by);
            atLeastOne("positions", positions);
            if (!(slow > 0 && fast >= slow))
                throw new IllegalArgumentException("yarn scaling needs fast ≥ slow > 0, got " + fast + " and " + slow);
        }

        /** 0.1 · ln(by) + 1: the attention factor where a configuration names none. */
        public static double attention(double by) {
            return attention(by, 1);
        }

        /** 0.1 · scale · ln(by) + 1; configurations that name {@code mscale} and {@code mscale_all_dim} divide two of them. */
        public static double attention(double by, double scale) {
            return by <= 1 ? 1 : 0.1 * scale * Math.log(by) + 1;
        }

        @Override
        public double factor() {
            return attention;
        }

        @Override
        public double[] frequencies(int rotated, double theta, int length) {
            double first = feature(fast, rotated, theta), last = feature(slow, rotated, theta);
            if (truncate) {
                first = Math.floor(first);
                last = Math.ceil(last);
            }
            first = Math.max(first, 0);
            last = Math.min(last, rotated - 1);
            if (first == last) last += 0.001;
            double[] frequencies = plain(rotated, theta);
            for (int j = 0; j < frequencies.length; j++) {
                double pressed = Math.clamp((j - first) / (last - first), 0, 1);
                frequencies[j] *= 1 - pressed + pressed / by;
            }
            return frequencies;
        }

        /** The feature that turns so many times within the original length. */
        private double feature(double turns, int rotated, double theta) {
            return rotated * Math.log(positions / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
        }
    }
}
