package org.espalier.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormulaTest {
    private static final Map<String, Double> NUMBERS = Map.of(
            "train/accuracy last",
            0.98,
            "train/accuracy dense",
            0.96,
            "train/accuracy 21.1%",
            0.97,
            "train/accuracy 50% of examples",
            0.95,
            "train/accuracy first 0.9",
            600.0,
            "train/accuracy max",
            0.99,
            "early-stop/x.y-z last",
            8.0);

    private static double value(String formula) {
        return new Formula(formula).value((metric, level) -> NUMBERS.getOrDefault(metric + " " + level, Double.NaN));
    }

    @ParameterizedTest
    @CsvSource({
        "train/accuracy, 0.98",
        "train/accuracy @ 21.1% - train/accuracy @ dense, 0.01",
        "train/accuracy @ 50% of examples - train/accuracy @ dense, -0.01",
        "early-stop/x.y-z / 2 * 3 + 1, 13",
        "1 + 2 * 3, 7",
        "( 1 + 2 ) * 3, 9",
        "max(train/accuracy), 0.99",
        "first(train/accuracy 0.9) / 2, 300",
        "10 - 2 - 3, 5"
    })
    void computes(String formula, double expected) {
        assertThat(value(formula)).isCloseTo(expected, org.assertj.core.data.Offset.offset(1e-12));
    }

    @Test
    void whatWasNotMeasuredMakesTheSumUnknown() {
        assertThat(value("train/accuracy + other/accuracy")).isNaN();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "+",
                "train",
                "1 +",
                "( 1",
                "1 )",
                "train/a @",
                "train/a @ early",
                "train/a @ 50% of",
                "train/a @ 50% of weights",
                "train/a @ dense of examples",
                "train/a train/b",
                "median(train/a)",
                "max(train/a",
                "max()",
                "first(train/a)",
                "first(train/a x)",
                "1x"
            })
    void refusesWhatItCannotRead(String formula) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Formula(formula))
                .withMessageContaining("formula '" + formula + "'");
    }

    @ParameterizedTest
    @CsvSource({
        "> 0, 0, 9, false",
        ">= 0, 0, 9, true",
        "< -1.5, -2, 9, true",
        "<= 1, 2, 9, false",
        "within 0.5, 9.4, 9, true",
        "within 0.5, 9.6, 9, false"
    })
    void conditionsHoldOrNot(String condition, double ours, double published, boolean holds) {
        assertThat(new Condition(condition).holds(ours, published)).isEqualTo(holds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "about 3", "> x", ">", "3", "== 3"})
    void refusesOtherConditions(String condition) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Condition(condition))
                .withMessageContaining("not a condition");
    }
}
