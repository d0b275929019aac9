package org.espalier.models;

import java.util.Arrays;
import java.util.List;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Span;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Norms;

/**
 * Batch normalisation per channel: {@code name.scale} and {@code name.shift} are trained, {@code name.running-mean} and
 * {@code name.running-variance} are buffers. A new layer leaves standardised inputs as they are.
 */
public final class BatchNorm implements Layer {
    private static final float EPSILON = 1e-5f;
    private static final float MOMENTUM = 0.1f;

    private final Norms.Batch parameters;

    private BatchNorm(String name, Span channels) {
        parameters = new Norms.Batch(
                Parameter.vector(name + ".scale", Parameter.Kind.SCALE, channels),
                Parameter.vector(name + ".shift", Parameter.Kind.BIAS, channels),
                Parameter.vector(name + ".running-mean", Parameter.Kind.BUFFER, channels),
                Parameter.vector(name + ".running-variance", Parameter.Kind.BUFFER, channels));
        reset();
    }

    public static BatchNorm of(String name, Span channels) {
        return new BatchNorm(name, channels);
    }

    @Override
    public Tensor forward(Graph g, Tensor x) {
        return Norms.batch(g, x, parameters, EPSILON, MOMENTUM);
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(parameters.scale(), parameters.shift(), parameters.mean(), parameters.variance());
    }

    @Override
    public void initialise(Init init, long seed) {
        reset();
    }

    private void reset() {
        fill(parameters.scale(), 1f);
        fill(parameters.shift(), 0f);
        fill(parameters.mean(), 0f);
        fill(parameters.variance(), 1f);
    }

    private static void fill(Parameter p, float value) {
        Arrays.fill(p.value(), value);
        p.wrote();
    }
}
