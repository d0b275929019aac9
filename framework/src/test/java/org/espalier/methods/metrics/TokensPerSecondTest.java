package org.espalier.methods.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TokensPerSecondTest {
    @Test
    void timesReadingAndWriting() {
        Map<String, Double> found = new TextFixture().measure(new TokensPerSecond(12, 4, 2));
        assertThat(found).containsOnlyKeys("prefill-tokens-per-second", "decode-tokens-per-second");
        assertThat(found.values()).allSatisfy(v -> assertThat(v).isPositive().isFinite());
        assertThat(new TokensPerSecond(12, 4, 2).timing()).isTrue();
    }

    @Test
    void refusesWhatIsNoLanguageModel() {
        assertThatThrownBy(() -> new MetricFixture().measure(new TokensPerSecond(1, 1, 1)))
                .hasMessageContaining("language models only");
        assertThatThrownBy(() -> new TokensPerSecond(0, 1, 1)).hasMessageContaining("must be positive");
    }
}
