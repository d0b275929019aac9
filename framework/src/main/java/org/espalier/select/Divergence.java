package org.espalier.select;

import java.util.stream.IntStream;
import org.espalier.data.Dataset;
import org.espalier.engine.Graph;
import org.espalier.engine.Tensor;
import org.espalier.launch.Device;
import org.espalier.launch.Plan;
import org.espalier.models.Model;
import org.espalier.train.Feed;

/**
 * How far two networks disagree about the next token: the Jensen–Shannon divergence of their predictions, in nats, 0 to ln 2 at each
 * position. Exponentials and logarithms are polynomials of our own, which give the same bits on every machine and in every state of the
 * just-in-time compiler.
 */
public final class Divergence {
    /** Logits held of each network at a time. */
    private static final int MOST_LOGITS = 1 << 25;

    private static final int ROWS_PER_SLICE = 4;
    private static final double LOG2_E = 1 / 0.6931471805599453;
    private static final double LN2_HIGH = 0.6931471803691238;
    private static final double LN2_LOW = 1.9082149292705877e-10;

    /** 1/i! of the exponential series, and 1/(2·i + 1) of that of the logarithm. */
    private static final double[] EXP = new double[14];

    private static final double[] LN = new double[11];

    static {
        double factorial = 1;
        for (int i = 0; i < EXP.length; i++) {
            EXP[i] = 1 / factorial;
            factorial *= i + 1;
        }
        for (int i = 0; i < LN.length; i++) LN[i] = 1.0 / (2 * i + 1);
    }

    /** Less than this is rounding. */
    private static final double NOTHING = 1e-13;

    private final Device device;
    private final Dataset data;
    private final int batch;
    private final Side one;
    private final Side other;

    private static final class Side {
        private final Feed feed;
        private final Tensor logits;
        private final Plan plan;

        Side(Device device, Model model, Dataset data, int batch) {
            Graph graph = Graph.forEvaluation();
            feed = new Feed(device, graph, model, data, batch);
            logits = model.forward(graph, feed.input());
            plan = device.compile(graph.launches());
        }

        float[] run(int[] ids) {
            feed.fill(ids, 0, ids.length);
            feed.wrote(plan);
            plan.run();
            plan.read(logits.value());
            return logits.value();
        }
    }

    /** @param data sequences, which both networks take in rows */
    public Divergence(Device device, Model one, Model other, Dataset data) {
        this.device = device;
        this.data = data;
        long perExample = (long) data.labels() * one.classes();
        this.batch = (int) Math.clamp(MOST_LOGITS / perExample, 1, Math.min(16, data.size()));
        this.one = new Side(device, one, data, batch);
        this.other = new Side(device, other, data, batch);
    }

    /** Examples that are looked at together. */
    public int batch() {
        return batch;
    }

    /**
     * The divergences of a batch, summed over the positions whose label counts.
     *
     * @param first number of the first example
     * @return one for each of at most {@link #batch} examples
     */
    public double[] sums(int first) {
        int count = Math.min(batch, data.size() - first), length = data.labels();
        int[] ids = IntStream.range(first, first + count).toArray();
        float[] p = one.run(ids), q = other.run(ids);
        int classes = p.length / (batch * length);
        double[] positions = new double[count * length];
        device.host(positions.length, ROWS_PER_SLICE, (from, n) -> {
            for (int row = from; row < from + n; row++)
                if (data.weight(first + row / length, row % length) != 0)
                    positions[row] = of(p, q, row * classes, classes);
        });
        double[] sums = new double[count];
        for (int row = 0; row < positions.length; row++) sums[row / length] += positions[row];
        return sums;
    }

    /** The divergence of the distributions that two rows of logits stand for. */
    static double of(float[] a, float[] b, int at, int classes) {
        double[] p = new double[classes], q = new double[classes];
        double logP = exponentials(a, at, p), logQ = exponentials(b, at, q), sum = 0;
        for (int i = 0; i < classes; i++) {
            double m = (p[i] + q[i]) / 2;
            if (m < Double.MIN_NORMAL) continue;
            double lnM = ln(m);
            sum += p[i] * (a[at + i] - logP - lnM) + q[i] * (b[at + i] - logQ - lnM);
        }
        return sum / 2 < NOTHING * classes ? 0 : sum / 2;
    }

    /**
     * Writes the softmax of a row.
     *
     * @return what a logit has to lose to become the logarithm of its probability
     */
    private static double exponentials(float[] logits, int at, double[] into) {
        double top = Double.NEGATIVE_INFINITY, sum = 0;
        for (int i = 0; i < into.length; i++) top = Math.max(top, logits[at + i]);
        for (int i = 0; i < into.length; i++) sum += into[i] = exp(logits[at + i] - top);
        for (int i = 0; i < into.length; i++) into[i] /= sum;
        return top + ln(sum);
    }

    /** e to the power of x, for x up to about 1, to the last bit or the one before. */
    static double exp(double x) {
        if (x < -700) return 0;
        double k = Math.rint(x * LOG2_E);
        double r = x - k * LN2_HIGH - k * LN2_LOW;
        double sum = 0;
        for (int i = EXP.length - 1; i >= 0; i--) sum = sum * r + EXP[i];
        return sum * Double.longBitsToDouble((long) (k + 1023) << 52);
    }

    /** The natural logarithm of a positive number that is not subnormal, to the last bit or the one before. */
    static double ln(double x) {
        long bits = Double.doubleToRawLongBits(x);
        int exponent = (int) (bits >>> 52) - 1023;
        double m = Double.longBitsToDouble(bits & 0xfffffffffffffL | 0x3ff0000000000000L);
        if (m > 1.4142135623730951) {
            m /= 2;
            exponent++;
        }
        double s = (m - 1) / (m + 1), s2 = s * s, sum = 0;
        for (int i = LN.length - 1; i >= 0; i--) sum = sum * s2 + LN[i];
        return exponent * LN2_HIGH + (2 * s * sum + exponent * LN2_LOW);
    }
}
