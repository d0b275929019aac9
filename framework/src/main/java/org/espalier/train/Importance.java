package org.espalier.train;

import org.espalier.engine.Parameter;

/**
 * How much the loss depends on each entry of a parameter, smoothed over updates: the mean of |value · gradient| times its mean
 * deviation ("Adaptive Budget Allocation for Parameter-Efficient Fine-Tuning", 2023, equations 8 to 10).
 */
public final class Importance {
    private final Parameter parameter;
    private final float[] mean;
    private final float[] deviation;
    private final float beta1;
    private final float rest1;
    private final float beta2;
    private final float rest2;

    /** Both means survive a kill. */
    public Importance(Training training, Parameter parameter, double beta1, double beta2) {
        this.parameter = parameter;
        this.mean = training.array("importance.mean/" + parameter.name(), parameter.size());
        this.deviation = training.array("importance.deviation/" + parameter.name(), parameter.size());
        this.beta1 = (float) beta1;
        this.rest1 = (float) (1 - beta1);
        this.beta2 = (float) beta2;
        this.rest2 = (float) (1 - beta2);
    }

    /** Takes an update into account: the values after it, the gradients that it was made of. */
    public void updated() {
        float[] values = parameter.value(), gradients = parameter.grad();
        for (int i = 0; i < mean.length; i++) {
            float now = Math.abs(values[i] * gradients[i]);
            mean[i] = beta1 * mean[i] + rest1 * now;
            deviation[i] = beta2 * deviation[i] + rest2 * Math.abs(now - mean[i]);
        }
    }

    /** The mean of {@code count} entries, {@code stride} apart. */
    public double of(int first, int count, int stride) {
        double sum = 0;
        for (int i = first, n = 0; n < count; n++, i += stride) sum += mean[i] * deviation[i];
        return sum / count;
    }
}
