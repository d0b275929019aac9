package org.espalier.models;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.espalier.spec.Default;

/**
 * How the next token is chosen.
 *
 * @param temperature what logits are divided by; 0 takes the largest
 * @param topK only that many of the largest are drawn from; 0 for all
 * @param topP only the largest whose probabilities together reach this are drawn from (Holtzman et al. 2020); 1 for all
 */
public record Sampling(
        @Default("0") double temperature,
        @Default("0") int topK,
        @Default("1") double topP) {
    /** Always the most probable token. */
    public static final Sampling GREEDY = new Sampling(0, 0, 1);

    public Sampling {
        if (!(temperature >= 0)) throw new IllegalArgumentException("temperature can't be " + temperature);
        if (topK < 0) throw new IllegalArgumentException("top-k can't be negative, got " + topK);
        if (!(topP > 0 && topP <= 1)) throw new IllegalArgumentException("top-p must lie in (0, 1], got " + topP);
    }

    /** A token, given the logits of all of them; of equal logits the lower number comes first. */
    public int choose(float[] logits, RandomGenerator random) {
        if (temperature == 0) return largest(logits);
        Integer[] order = new Integer[logits.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Float.compare(logits[b], logits[a]));
        int most = topK == 0 ? order.length : Math.min(topK, order.length);
        double[] share = new double[most];
        double total = 0;
        for (int i = 0; i < most; i++)
            total += share[i] = Math.exp((logits[order[i]] - (double) logits[order[0]]) / temperature);
        double left = topP * total;
        int taken = 0;
        double mass = 0;
        while (taken < most && (taken == 0 || mass < left)) mass += share[taken++];
        double drawn = random.nextDouble() * mass;
        for (int i = 0; i < taken; i++) if ((drawn -= share[i]) < 0) return order[i];
        return order[taken - 1];
    }

    private static int largest(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) if (logits[i] > logits[best]) best = i;
        return best;
    }
}
