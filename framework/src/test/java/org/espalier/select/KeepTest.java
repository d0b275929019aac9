package org.espalier.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.espalier.spec.Binder;
import org.espalier.spec.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeepTest {
    @ParameterizedTest
    @CsvSource({
        "0.1, 1000, 100",
        "10%, 1000, 100",
        "12.5%, 1000, 125",
        "1.0, 7, 7",
        "100%, 7, 7",
        "1, 7, 1",
        "0.5, 7, 4",
        "1_000, 5000, 1000",
        ".25, 8, 2"
    })
    void aPointOrAPercentSignMakesAShare(String amount, int there, int wanted) {
        assertThat(new Keep(amount).of(there, "train")).isEqualTo(wanted);
    }

    @Test
    void oneAmountHasOneForm() {
        assertThat(new Keep("10%")).isEqualTo(new Keep("0.10"));
        assertThat(new Keep("1_000")).isEqualTo(new Keep("1000"));
        assertThat(new Keep("1")).isNotEqualTo(new Keep("1.0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.0", "0%", "-3", "1.5", "101%", "", "some", "1e-3", "0x10"})
    void refusesNothingAndTooMuch(String amount) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Keep(amount)).withMessageContaining("amount");
    }

    @Test
    void refusesMoreThanThereIsAndASelectionOfNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Keep("8").of(7, "train"))
                .withMessage("keep: 8 is more than the 7 examples of train");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Keep("0.01").of(7, "train"))
                .withMessage("keep: 0.01 of the 7 examples of train is none: nothing is selected");
    }

    @Test
    void saysWhereItStands() {
        assertThatThrownBy(() -> Binder.bind(Keep.class, Yaml.parse("0", "a.yaml")))
                .hasMessage("a.yaml:1:1: 'keep': amount is 0: nothing would be selected");
    }
}
