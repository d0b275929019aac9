package org.espalier.data.pretrained;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.espalier.data.file.FileFormatException;

/** The rotation of queries and keys, as {@code rope_parameters} has it. */
record GgufRope(GgufFile gguf, GgufKeys keys, String architecture) {
    private static final String FACTORS = "rope_freqs.weight";

    /** What all models have set whose frequencies are stretched one by one: Llama 3.1 and its successors. */
    private static final double LOW = 1;

    private static final double HIGH = 4;
    private static final int ORIGINAL = 8192;

    /** The base frequency and one factor for all positions. */
    Map<String, Object> plain(double base) throws IOException {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("rope_theta", keys.number(architecture + ".rope.freq_base", base));
        String key = architecture + ".rope.scaling.type";
        String type = keys.optionalText(key).orElse("none");
        switch (type) {
            case "none" -> parameters.put("rope_type", "default");
            case "linear", "yarn" -> {
                parameters.put("rope_type", type);
                parameters.put("factor", keys.number(architecture + ".rope.scaling.factor"));
                if (type.equals("yarn")) {
                    parameters.put(
                            "original_max_position_embeddings",
                            keys.integer(architecture + ".rope.scaling.original_context_length"));
                }
            }
            default -> throw keys.wrong(key, "is '" + type + "'; read are none, linear and yarn");
        }
        return parameters;
    }

    /** As {@link #plain}, or with the factors of Llama 3, which the file spells out frequency by frequency. */
    Map<String, Object> llama(int headWidth) throws IOException {
        Map<String, Object> parameters = plain(10_000);
        GgufTensor stored = gguf.tensors().get(FACTORS);
        if (stored == null) {
            return parameters;
        }
        int size = keys.integer(architecture + ".rope.dimension_count", headWidth) / 2;
        if (stored.elements() != size) {
            throw wrong("has " + stored.elements() + " factors for " + size + " frequencies");
        }
        float[] factors = new float[size];
        gguf.file().decode(stored.format(), stored.begin(), factors);
        double factor = 1;
        for (float one : factors) {
            factor = Math.max(factor, one);
        }
        for (int i = 0; i < size; i++) {
            double expected = factor(i, size, factor, (Double) parameters.get("rope_theta"));
            if (!(Math.abs(factors[i] - expected) <= 1e-3 * expected)) {
                throw wrong("stretches frequency " + i + " by " + factors[i] + ", which Llama 3's rule does by "
                        + expected);
            }
        }
        parameters.put("rope_type", "llama3");
        parameters.put("factor", factor);
        parameters.put("low_freq_factor", LOW);
        parameters.put("high_freq_factor", HIGH);
        parameters.put("original_max_position_embeddings", ORIGINAL);
        return parameters;
    }

    /** Llama 3's rule: long waves are stretched in full, short ones not at all, those between in part. */
    private static double factor(int i, int size, double factor, double base) {
        double wave = 2 * Math.PI * Math.pow(base, (double) i / size);
        if (wave < ORIGINAL / HIGH) {
            return 1;
        }
        if (wave > ORIGINAL / LOW) {
            return factor;
        }
        double smooth = (ORIGINAL / wave - LOW) / (HIGH - LOW);
        return 1 / ((1 - smooth) / factor + smooth);
    }

    private FileFormatException wrong(String problem) {
        return new FileFormatException(gguf.file().path(), "tensor '" + FACTORS + "'", problem);
    }
}
