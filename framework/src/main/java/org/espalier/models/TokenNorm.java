package org.espalier.models;

import java.util.Arrays;
import java.util.List;
import org.espalier.engine.Axis;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Span;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Norms;

/**
 * Normalises each token's features, and scales them by {@code name.weight}: by their root mean square, or as layer norm does, which
 * has {@code name.bias} too. A new layer's scale is 1.
 */
public final class TokenNorm implements Layer {
    private final Parameter scale;
    private final Parameter shift;
    private final boolean perHead;
    private final float epsilon;
    private final float offset;

    private TokenNorm(Parameter scale, Parameter shift, boolean perHead, double epsilon, double offset) {
        this.scale = scale;
        this.shift = shift;
        this.perHead = perHead;
        this.epsilon = (float) epsilon;
        this.offset = (float) offset;
        reset();
    }

    /**
     * Root mean square norm (Zhang and Sennrich 2019).
     *
     * @param offset what is added to the stored scale: 1 in Gemma's files, which store the difference
     */
    public static TokenNorm rms(String name, Span features, double epsilon, double offset) {
        return new TokenNorm(
                Parameter.vector(name + ".weight", Parameter.Kind.SCALE, features), null, false, epsilon, offset);
    }

    /** The same for each of several heads of {@code width} features, with one scale for all of them. */
    public static TokenNorm perHead(String name, int width, double epsilon, double offset) {
        Span span = Span.of(Axis.of(name, width).pin());
        return new TokenNorm(
                Parameter.vector(name + ".weight", Parameter.Kind.SCALE, span), null, true, epsilon, offset);
    }

    /** Layer norm (Ba et al. 2016). */
    public static TokenNorm layer(String name, Span features, double epsilon) {
        return new TokenNorm(
                Parameter.vector(name + ".weight", Parameter.Kind.SCALE, features),
                Parameter.vector(name + ".bias", Parameter.Kind.BIAS, features),
                false,
                epsilon,
                0);
    }

    @Override
    public Tensor forward(Graph g, Tensor x) {
        if (shift != null) return Norms.layer(g, x, scale, shift, epsilon);
        if (perHead) return Norms.rms(g, x, x.features() / scale.rows(), scale, epsilon, offset);
        return Norms.rms(g, x, scale, epsilon, offset);
    }

    @Override
    public List<Parameter> parameters() {
        return shift == null ? List.of(scale) : List.of(scale, shift);
    }

    @Override
    public void initialise(Init init, long seed) {
        reset();
    }

    private void reset() {
        float[] ones = new float[scale.size()];
        Arrays.fill(ones, 1 - offset);
        scale.load(ones);
        if (shift != null) shift.load(new float[shift.size()]);
    }
}
