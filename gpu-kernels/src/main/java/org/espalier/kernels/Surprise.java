package org.espalier.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/** How surprised and how unsure a network is at each token. */
public final class Surprise {
    private Surprise() {}

    /**
     * Of each token the cross-entropy of its label and the entropy of its softmax, both in nats; the slice runs over the tokens of a chunk
     * that begins at token {@code from}.
     *
     * @param logits (tokens of the chunk, classes)
     */
    public static void measure(
            float[] losses,
            float[] entropies,
            float[] logits,
            int[] labels,
            int from,
            int classes,
            int first,
            int count) {
        for (@Parallel int i = 0; i < count; i++) {
            int row = (first + i) * classes;
            int t = from + first + i;
            float top = logits[row];
            for (int c = 1; c < classes; c++) top = TornadoMath.max(top, logits[row + c]);
            float sum = 0f;
            float weighted = 0f;
            for (int c = 0; c < classes; c++) {
                float z = logits[row + c] - top;
                float p = TornadoMath.exp(z);
                sum += p;
                weighted += p * z;
            }
            float log = TornadoMath.log(sum);
            losses[t] = log - (logits[row + labels[t]] - top);
            entropies[t] = log - weighted / sum;
        }
    }
}
