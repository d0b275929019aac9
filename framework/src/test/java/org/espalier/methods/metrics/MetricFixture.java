package org.espalier.methods.metrics;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.espalier.data.Dataset;
import org.espalier.data.Part;
import org.espalier.data.source.ModularAddition;
import org.espalier.launch.CpuDevice;
import org.espalier.measure.Measurement;
import org.espalier.measure.Metric;
import org.espalier.models.Init;
import org.espalier.models.Model;
import org.espalier.models.zoo.Lenet;

/** A small perceptron, half of whose first layer is pruned, on modular addition. */
final class MetricFixture {
    static final Dataset DATA = new ModularAddition(7, 0.4, Part.TEST, 0).open(Path.of("."));
    final Model model = new Lenet(List.of(8), Init.GLOROT_NORMAL).build(DATA.shape(), DATA.classes(), 1);

    MetricFixture() {
        float[] mask = new float[8 * 14];
        for (int i = 0; i < mask.length; i += 2) mask[i] = 1;
        model.parameter("fc1.weight").mask(mask);
    }

    Map<String, Double> measure(Metric metric) {
        try (CpuDevice device = new CpuDevice(1)) {
            return metric.measure(new Measurement(device, model, DATA));
        }
    }

    /** Logits of one example in double precision, by plain loops. */
    double[] logits(int example) {
        float[] x = new float[14];
        DATA.copy(example, x, 0);
        double[] hidden = layer("fc1", toDouble(x), 8);
        for (int i = 0; i < hidden.length; i++) hidden[i] = Math.max(0, hidden[i]);
        return layer("output", hidden, 7);
    }

    private double[] layer(String name, double[] x, int outputs) {
        float[] w = model.parameter(name + ".weight").value();
        float[] b = model.parameter(name + ".bias").value();
        double[] y = new double[outputs];
        for (int o = 0; o < outputs; o++) {
            y[o] = b[o];
            for (int i = 0; i < x.length; i++) y[o] += w[o * x.length + i] * x[i];
        }
        return y;
    }

    private static double[] toDouble(float[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) y[i] = x[i];
        return y;
    }
}
