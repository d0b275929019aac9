package org.espalier.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.espalier.engine.Axis;
import org.espalier.engine.Parameter;
import org.espalier.engine.Span;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InitTest {
    /** A convolution of 40 to 50 channels, 3×3: fan-in 360, fan-out 450. */
    private static Parameter weight() {
        Span in = Span.of(Axis.of("in", 40)).spread(9);
        return Parameter.weight("conv.weight", Span.of(Axis.of("out", 50)), in, 3, 3);
    }

    @ParameterizedTest
    @EnumSource(Init.class)
    void drawsWithTheVarianceItsNameStandsFor(Init init) {
        Parameter weight = weight();
        init.weight(weight, 3);
        double sum = 0, squares = 0, largest = 0;
        for (float w : weight.value()) {
            sum += w;
            squares += w * w;
            largest = Math.max(largest, Math.abs(w));
        }
        double variance = switch (init) {
            case GLOROT_NORMAL, GLOROT_UNIFORM -> 2.0 / (360 + 450);
            case HE_NORMAL, HE_UNIFORM -> 2.0 / 360;
            case LECUN_NORMAL -> 1.0 / 360;
            case NORMAL -> 0.02 * 0.02;
            case PYTORCH -> 1.0 / (3 * 360);
        };
        int n = weight.size();
        assertThat(squares / n).isCloseTo(variance, within(0.04 * variance));
        assertThat(sum / n).isCloseTo(0, within(4 * Math.sqrt(variance / n)));
        boolean normal = init == Init.GLOROT_NORMAL || init.name().endsWith("NORMAL");
        assertThat(largest / Math.sqrt(variance)).isBetween(normal ? 3.0 : 1.7, normal ? 6.0 : 1.7321);
    }

    @ParameterizedTest
    @EnumSource(Init.class)
    void startsBiasesAtZeroExceptInPytorchsWay(Init init) {
        Parameter bias = Parameter.vector("conv.bias", Parameter.Kind.BIAS, Span.of(Axis.of("out", 50)));
        init.bias(bias, 360, 3);
        if (init == Init.PYTORCH) {
            assertThat(bias.value()).doesNotContain(0f);
            for (float b : bias.value()) assertThat(Math.abs(b)).isLessThanOrEqualTo((float) (1 / Math.sqrt(360)));
        } else {
            assertThat(bias.value()).containsOnly(0f);
        }
    }
}
