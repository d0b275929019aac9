package org.espalier.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.espalier.spec.Binder;
import org.espalier.spec.Yaml;
import org.junit.jupiter.api.Test;

class ReportSpecTest {
    private static ReportSpec bind(String yaml) {
        return Binder.bind(ReportSpec.class, Yaml.parse(yaml, "report.yaml"));
    }

    @Test
    void theResolvedSpecSaysTheSameReport() {
        Experiment lottery = Experiment.read(Path.of("..", "experiments", "lottery_ticket.yaml"), "");
        Experiment again = Experiment.bind(Yaml.parse(lottery.resolved(), "resolved.yaml"), "");
        assertThat(lottery.report()).isPresent();
        assertThat(again.report()).isEqualTo(lottery.report());
    }

    @Test
    void anEmptySectionIsAPlainReport() {
        assertThat(bind("{}")).isEqualTo(ReportSpec.PLAIN);
    }

    @Test
    void aFormulaThatCannotBeReadIsRefusedWhereItStands() {
        assertThatThrownBy(() -> bind("claims:\n  - say: more\n    ours: train\n    verdict: '> 0'\n"))
                .hasMessageStartingWith("report.yaml:3:11:")
                .hasMessageContaining("metric path");
    }

    @Test
    void aFigureIsALineOrCurves() {
        assertThatThrownBy(() -> bind("figures: [ { lines: { y: loss, of: train } } ]"))
                .hasMessageContaining("line");
    }
}
