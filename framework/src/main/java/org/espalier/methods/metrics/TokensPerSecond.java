package org.espalier.methods.metrics;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.espalier.measure.Measurement;
import org.espalier.measure.Metric;
import org.espalier.models.Generation;
import org.espalier.models.LanguageModel;
import org.espalier.spec.Default;

/**
 * How fast a language model reads a prompt (all its tokens at once) and writes a continuation (one token after the other, with keys
 * and values remembered), for one sequence: medians of several rounds after one that warms up.
 *
 * @param prompt tokens of the prompt, from the beginning of the data
 * @param written tokens of the continuation
 * @param rounds how many are timed
 */
public record TokensPerSecond(
        @Default("128") int prompt,
        @Default("32") int written,
        @Default("5") int rounds) implements Metric {
    public TokensPerSecond {
        if (prompt < 1 || written < 1 || rounds < 1)
            throw new IllegalArgumentException("prompt, written and rounds must be positive");
    }

    @Override
    public Map<String, Double> measure(Measurement of) {
        if (!(of.model() instanceof LanguageModel model))
            throw new IllegalArgumentException("tokens per second are measured of language models only");
        Generation generation = new Generation(of.device(), model, prompt + written);
        int[] ids = beginning(of);
        double[] read = new double[rounds + 1];
        double[] write = new double[rounds + 1];
        for (int i = 0; i <= rounds; i++) {
            long start = System.nanoTime();
            generation.begin(ids);
            long middle = System.nanoTime();
            for (int t = 0; t < written; t++) generation.add(ids[t % ids.length]);
            read[i] = (middle - start) / 1e9;
            write[i] = (System.nanoTime() - middle) / 1e9;
        }
        Map<String, Double> found = new LinkedHashMap<>();
        found.put("prefill-tokens-per-second", prompt / median(read));
        found.put("decode-tokens-per-second", written / median(write));
        return found;
    }

    private int[] beginning(Measurement of) {
        int length = of.data().features();
        float[] window = new float[length];
        int[] ids = new int[prompt];
        for (int i = 0; i < prompt; i++) {
            if (i % length == 0) of.data().copy(i / length % of.data().size(), window, 0);
            ids[i] = (int) window[i % length];
        }
        return ids;
    }

    /** The median of all but the first. */
    private static double median(double[] seconds) {
        double[] timed = Arrays.copyOfRange(seconds, 1, seconds.length);
        Arrays.sort(timed);
        return timed[timed.length / 2];
    }

    @Override
    public boolean timing() {
        return true;
    }

    @Override
    public boolean needsWhole() {
        return true;
    }
}
