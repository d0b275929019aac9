package org.espalier.methods.adapt;

import java.util.LinkedHashMap;
import java.util.Map;
import org.espalier.engine.Parameter;
import org.espalier.models.Model;
import org.espalier.train.Adaptation;

/** DoRA written out by hand: each weight is m / norm · (W + s·B·A), with norms that stay as they are. */
final class FixedNorms {
    private static final float SCALE = 8f; // alpha 16, rank 2

    private FixedNorms() {}

    private static float[] sum(Parameter w, Adaptation attached) {
        String layer = w.name().replaceFirst("\\.weight$", "");
        float[] a = parameter(attached, layer + ".lora_A"), b = parameter(attached, layer + ".lora_B");
        float[] sum = w.value().clone();
        int in = w.columns(), rank = a.length / in;
        for (int e = 0; e < sum.length; e++)
            for (int k = 0; k < rank; k++) sum[e] += SCALE * b[e / in * rank + k] * a[k * in + e % in];
        return sum;
    }

    private static float[] parameter(Adaptation attached, String name) {
        return attached.parameters().stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value();
    }

    static Map<String, float[]> of(Model model, Adaptation attached) {
        Map<String, float[]> norms = new LinkedHashMap<>();
        for (Parameter w : model.weights()) {
            if (w.product() == null) continue;
            float[] sum = sum(w, attached), norm = new float[w.rows()];
            for (int e = 0; e < sum.length; e++) norm[e / w.columns()] += sum[e] * sum[e];
            for (int o = 0; o < norm.length; o++) norm[o] = (float) Math.sqrt(norm[o]);
            norms.put(w.name(), norm);
        }
        return norms;
    }

    static double slope(Adaptable adapted, Adaptation attached, Map<String, float[]> norms, Parameter p, int i) {
        float before = p.value()[i], step = 1f / 512;
        p.value()[i] = before + step;
        double above = loss(adapted, attached, norms);
        p.value()[i] = before - step;
        double below = loss(adapted, attached, norms);
        p.value()[i] = before;
        return (above - below) / (2 * step);
    }

    private static double loss(Adaptable adapted, Adaptation attached, Map<String, float[]> norms) {
        Map<Parameter, float[]> values = new LinkedHashMap<>();
        Map<Parameter, Parameter.Product> products = new LinkedHashMap<>();
        for (Parameter w : adapted.model().weights()) {
            if (w.product() == null) continue;
            float[] m = parameter(attached, w.name().replaceFirst("\\.weight$", "") + ".lora_magnitude_vector");
            float[] merged = sum(w, attached);
            for (int e = 0; e < merged.length; e++)
                merged[e] *= m[e / w.columns()] / norms.get(w.name())[e / w.columns()];
            values.put(w, w.value().clone());
            products.put(w, w.product());
            w.load(merged);
            w.replaceProduct(null);
        }
        double loss = adapted.loss();
        values.forEach((w, value) -> {
            w.load(value);
            w.replaceProduct(products.get(w));
        });
        return loss;
    }
}
