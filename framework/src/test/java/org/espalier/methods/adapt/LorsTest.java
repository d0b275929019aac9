package org.espalier.methods.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.espalier.engine.Axis;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Parameter;
import org.espalier.engine.Sketch;
import org.espalier.engine.Span;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Activations;
import org.espalier.engine.ops.Dense;
import org.espalier.launch.CpuDevice;
import org.espalier.models.LanguageModel;
import org.espalier.train.MaskedLowRank;
import org.espalier.train.MaskedLowRank.Way;
import org.junit.jupiter.api.Test;

class LorsTest {
    /** One product of a fixed input, whose gradient with respect to the result is given. */
    private static final class Trial {
        final Parameter w = Parameter.weight("w", span(2), span(2));
        final Parameter a = Parameter.weight("a", span(2), span(1));
        final Parameter b = Parameter.weight("b", span(1), span(2));
        final Graph g = Graph.forTraining();
        final Tensor x;
        final Tensor y;

        Trial(float[] weight, float scale, Way way) {
            w.load(weight);
            a.load(new float[] {0.5f, -1});
            b.load(new float[] {2, 1});
            w.freeze(true);
            w.replaceProduct(new MaskedLowRank(w, a, b, scale, way));
            Tensor input = g.input("x", 1, new int[] {2}, Layout.ROWS);
            input.value()[0] = 1;
            input.value()[1] = 1;
            Parameter identity = Parameter.weight("identity", span(2), span(2));
            identity.load(new float[] {1, 0, 0, 1});
            x = Dense.linear(g, input, identity, null);
            y = Dense.linear(g, x, w, null);
            g.backward(y, () -> {});
            java.util.Arrays.fill(y.grad(), 1);
            g.keep(y);
            g.differentiate();
            try (CpuDevice device = new CpuDevice(1)) {
                device.compile(g.launches()).run();
            }
        }

        private static Span span(int size) {
            return Span.of(Axis.of("axis", size));
        }
    }

    @Test
    void followsTheHandWorkedExample() {
        Trial trial = new Trial(new float[] {1, 0, 0, 2}, 1, Way.STRAIGHT_THROUGH);
        assertThat(trial.y.value()).containsExactly(2, 1);
        assertThat(trial.x.grad()).containsExactly(2, 1);
        assertThat(trial.a.grad()).containsExactly(3, 3);
        assertThat(trial.b.grad()).containsExactly(-0.5f, -0.5f);
    }

    @Test
    void itsExactGradientIsMasked() {
        for (Way way : new Way[] {Way.KEPT, Way.RECOMPUTED}) {
            Trial trial = new Trial(new float[] {1, 0, 0, 2}, 1, way);
            assertThat(trial.x.grad()).containsExactly(2, 1);
            assertThat(trial.a.grad()).containsExactly(2, 1);
            assertThat(trial.b.grad()).containsExactly(0.5f, -1);
        }
    }

    @Test
    void withoutZerosAndScaleBothGradientsAreOne() {
        Trial through = new Trial(new float[] {1, 3, -1, 2}, 1, Way.STRAIGHT_THROUGH);
        Trial exact = new Trial(new float[] {1, 3, -1, 2}, 1, Way.RECOMPUTED);
        assertThat(through.a.grad()).isEqualTo(exact.a.grad());
        assertThat(through.b.grad()).isEqualTo(exact.b.grad());
    }

    @Test
    void keepsNothingAsLargeAsAWeightForEachLayer() {
        long[] bytes = new long[2];
        for (int way = 0; way < 2; way++) {
            for (int layers = 3; layers <= 4; layers++) {
                long one = activations(way == 0 ? Way.STRAIGHT_THROUGH : Way.KEPT, layers);
                bytes[way] = layers == 3 ? one : one - bytes[way];
            }
        }
        int weight = 4 * 64 * 64, tokens = 4 * 2 * 64;
        assertThat(bytes[0]).isLessThanOrEqualTo(2L * tokens);
        assertThat(bytes[1]).isBetween((long) weight, weight + 2L * tokens);
    }

    /** What the activations of so many layers of 64 × 64 and two examples take. */
    private static long activations(Way way, int layers) {
        Sketch sketch = new Sketch();
        Graph g = Graph.forTraining(sketch, false);
        Tensor x = g.input("x", 2, new int[] {64}, Layout.ROWS);
        for (int i = 0; i < layers; i++) {
            Parameter w = Parameter.weight("w", Trial.span(64), Trial.span(64));
            w.freeze(true);
            Parameter a = Parameter.weight("a", Trial.span(64), Trial.span(2));
            Parameter b = Parameter.weight("b", Trial.span(2), Trial.span(64));
            w.replaceProduct(new MaskedLowRank(w, a, b, 1, way));
            x = Activations.relu(g, Dense.linear(g, x, w, null));
        }
        g.differentiate();
        return sketch.arena(g.launches()).bytes();
    }

    @Test
    void aRankThatDoesNotFitIsRefused() {
        LanguageModel model = AdaptFixture.dense();
        Lors lors = new Lors(9, Optional.empty(), Lors.Gradient.EXACT, Lors.Start.UNIFORM, 1, List.of());
        assertThatThrownBy(() -> lors.check(model))
                .hasMessageContaining("rank 9 is more than model.layers.0.self_attn.k_proj.weight[8, 16] can have");
        Lors nowhere = new Lors(2, Optional.empty(), Lors.Gradient.EXACT, Lors.Start.UNIFORM, 1, List.of("proj"));
        assertThatThrownBy(() -> nowhere.check(model))
                .hasMessageStartingWith("no layer's name ends in proj; there are model.layers.0.self_attn.q_proj,");
    }
}
