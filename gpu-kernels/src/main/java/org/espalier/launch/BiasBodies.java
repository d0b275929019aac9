package org.espalier.launch;

import static org.espalier.launch.Lanes.LENGTH;
import static org.espalier.launch.Lanes.S;

import jdk.incubator.vector.FloatVector;
import org.espalier.kernels.Bias;

/** Vector bodies of {@link Bias} for the two layouts: neighbours are features ({@code featureStride} 1) or examples. */
public final class BiasBodies {
    private BiasBodies() {}

    /** {@link Bias#add}, with its bits. */
    public static void add(
            float[] y, float[] bias, int examples, int featureStride, int exampleStride, int first, int count) {
        if (exampleStride == 1) {
            for (int f = first; f < first + count; f++) {
                int at = f * featureStride, end = at + examples;
                for (; at + LENGTH <= end; at += LENGTH)
                    FloatVector.fromArray(S, y, at).add(bias[f]).intoArray(y, at);
                for (; at < end; at++) y[at] += bias[f];
            }
        } else if (featureStride == 1) {
            for (int e = 0; e < examples; e++) {
                int row = e * exampleStride, f = first;
                for (; f + LENGTH <= first + count; f += LENGTH)
                    FloatVector.fromArray(S, y, row + f)
                            .add(FloatVector.fromArray(S, bias, f))
                            .intoArray(y, row + f);
                for (; f < first + count; f++) y[row + f] += bias[f];
            }
        } else Bias.add(y, bias, examples, featureStride, exampleStride, first, count);
    }

    /** {@link Bias#grad}; where the examples are neighbours, each lane sums every {@code LENGTH}-th of them. */
    public static void grad(
            float[] dbias,
            float[] dy,
            int examples,
            int featureStride,
            int exampleStride,
            int keep,
            int first,
            int count) {
        if (exampleStride == 1) alongExamples(dbias, dy, examples, featureStride, keep, first, count);
        else if (featureStride == 1) alongFeatures(dbias, dy, examples, exampleStride, keep, first, count);
        else Bias.grad(dbias, dy, examples, featureStride, exampleStride, keep, first, count);
    }

    private static void alongExamples(
            float[] dbias, float[] dy, int examples, int featureStride, int keep, int first, int count) {
        for (int f = first; f < first + count; f++) {
            int at = f * featureStride, end = at + examples;
            FloatVector lanes = FloatVector.zero(S);
            for (; at + LENGTH <= end; at += LENGTH) lanes = lanes.add(FloatVector.fromArray(S, dy, at));
            float sum = Lanes.sum(lanes);
            for (; at < end; at++) sum += dy[at];
            dbias[f] = keep == 1 ? dbias[f] + sum : sum;
        }
    }

    private static void alongFeatures(
            float[] dbias, float[] dy, int examples, int exampleStride, int keep, int first, int count) {
        int f = first;
        for (; f + LENGTH <= first + count; f += LENGTH) {
            FloatVector sum = keep == 1 ? FloatVector.fromArray(S, dbias, f) : FloatVector.zero(S);
            for (int e = 0; e < examples; e++) sum = sum.add(FloatVector.fromArray(S, dy, e * exampleStride + f));
            sum.intoArray(dbias, f);
        }
        Bias.grad(dbias, dy, examples, 1, exampleStride, keep, f, first + count - f);
    }
}
