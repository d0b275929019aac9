package org.espalier.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MlflowNamesTest {
    @Test
    void leavesGoodNamesAlone() {
        for (String name : List.of("loss", "train.3/valid.loss", "density.fc 1-w", "...a/b..", "x".repeat(250))) {
            assertThat(MlflowNames.key(name)).isSameAs(name);
        }
    }

    @Test
    void changesWhatMlflowWouldRefuse() {
        assertThat(MlflowNames.key("a:b%c")).isEqualTo("a_b_c");
        assertThat(MlflowNames.key("/a")).isEqualTo("_/a");
        assertThat(MlflowNames.key("a/../b")).isEqualTo("a/_/b");
        assertThat(MlflowNames.key("a//b/")).isEqualTo("a/_/b/_");
        assertThat(MlflowNames.key("")).isEqualTo("_");
        assertThat(MlflowNames.key("x".repeat(300))).hasSize(250).isNotEqualTo(MlflowNames.key("x".repeat(301)));
        for (String name : List.of("a:b", "/", "..", "ä/./b", "x".repeat(400))) {
            String once = MlflowNames.key(name);
            assertThat(MlflowNames.key(once)).isSameAs(once);
        }
    }

    @Test
    void cutsLongValuesAndSaysSo() {
        assertThat(MlflowNames.parameter("short")).isEqualTo("short");
        assertThat(MlflowNames.parameter("x".repeat(6001)))
                .hasSize(6000)
                .contains("6001 characters")
                .isNotEqualTo(MlflowNames.parameter("x".repeat(6000) + "y"));
        assertThat(MlflowNames.tag("x".repeat(9000))).hasSize(8000);
    }
}
