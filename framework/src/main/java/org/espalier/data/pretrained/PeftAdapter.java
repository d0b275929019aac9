package org.espalier.data.pretrained;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Thin factors beside the layers of a network, as the library peft keeps them in files.
 *
 * @param kind what they are
 * @param rankStabilised whether alpha is divided by the root of the rank
 * @param dropout what was left out of the factors' input in training; without meaning for what they compute afterwards
 * @param settings what the kind of adapter has in its configuration besides
 */
public record PeftAdapter(
        Kind kind, boolean rankStabilised, double dropout, Map<String, Object> settings, List<Layer> layers) {
    /** Kinds of adapters that can be read and written, by peft's names. */
    public enum Kind {
        LORA,
        ADALORA
    }

    /**
     * The factors beside one layer.
     *
     * @param module the layer's name
     * @param rank the rank that training began with: rows of A, unless some were dropped
     * @param alpha what the scale follows from
     * @param a (ranks, in)
     * @param b (out, ranks)
     * @param values AdaLoRA's E (ranks)
     * @param magnitude DoRA's lengths of rows (out)
     * @param kept which of the {@code rank} rows there are; all if empty
     */
    public record Layer(
            String module,
            int rank,
            double alpha,
            int in,
            int out,
            float[] a,
            float[] b,
            Optional<float[]> values,
            Optional<float[]> magnitude,
            List<Boolean> kept) {
        public Layer {
            if (a.length != ranks(a, in) * in || b.length != ranks(a, in) * out)
                throw new IllegalArgumentException(module + ": the factors have " + a.length + " and " + b.length
                        + " numbers, which fit no matrix (" + out + ", " + in + ")");
        }

        private static int ranks(float[] a, int in) {
            return a.length / in;
        }

        /** Rows of A. */
        public int ranks() {
            return ranks(a, in);
        }

        /** A with its rows multiplied by E, where there is one. */
        public float[] weighedA() {
            float[] weighed = a.clone();
            values.ifPresent(e -> {
                for (int i = 0; i < weighed.length; i++) weighed[i] *= e[i / in];
            });
            return weighed;
        }
    }

    /** What B·A is multiplied by. */
    public double factor(Layer layer) {
        return switch (kind) {
            case LORA -> layer.alpha() / (rankStabilised ? Math.sqrt(layer.rank()) : layer.rank());
            case ADALORA -> (layer.alpha() > 0 ? layer.alpha() : layer.rank()) / (layer.rank() + 1e-5);
        };
    }
}
