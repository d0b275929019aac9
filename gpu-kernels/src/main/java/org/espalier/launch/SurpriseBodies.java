package org.espalier.launch;

import static org.espalier.launch.Lanes.LENGTH;
import static org.espalier.launch.Lanes.S;

import jdk.incubator.vector.FloatVector;

/** Vector body of {@link org.espalier.kernels.Surprise}. */
public final class SurpriseBodies {
    private SurpriseBodies() {}

    /** {@link org.espalier.kernels.Surprise#measure}. */
    public static void measure(
            float[] losses,
            float[] entropies,
            float[] logits,
            int[] labels,
            int from,
            int classes,
            int first,
            int count) {
        for (int i = first; i < first + count; i++) {
            int row = i * classes, t = from + i;
            float top = VocabularyBodies.largest(logits, row, classes);
            FloatVector sums = FloatVector.zero(S), weighted = sums, tops = FloatVector.broadcast(S, top);
            int c = 0;
            for (; c + LENGTH <= classes; c += LENGTH) {
                FloatVector z = FloatVector.fromArray(S, logits, row + c).sub(tops);
                FloatVector p = Exp.of(z);
                sums = sums.add(p);
                weighted = p.fma(z, weighted);
            }
            float sum = Lanes.sum(sums), product = Lanes.sum(weighted);
            for (; c < classes; c++) {
                float z = logits[row + c] - top, p = Exp.of(z);
                sum += p;
                product = Math.fma(p, z, product);
            }
            float log = (float) Math.log(sum);
            losses[t] = log - (logits[row + labels[t]] - top);
            entropies[t] = log - product / sum;
        }
    }
}
