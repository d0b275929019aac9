package org.espalier.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.espalier.experiment.Formula;
import org.junit.jupiter.api.Test;

class MeasuredTest {
    private static final String CSV = """
            run,step,name,value
            seed-1,0,train.0/valid.loss,2.3
            seed-1,100,train.0/valid.loss,0.3
            seed-1,0,evaluate/weights-left,1.0
            seed-1,1,evaluate/weights-left,0.8
            seed-1,1,evaluate/accuracy,0.97
            seed-2,1,evaluate/accuracy,0.99
            """;

    @Test
    void tellsCurvesFromNumbersPerTurn() {
        Measured measured = Measured.of(CSV);
        assertThat(measured.runs()).containsExactly("seed-1", "seed-2");
        assertThat(measured.curves()).containsExactly(new Measured.Curve("train", 0, "valid.loss"));
        assertThat(measured.perTurn()).containsExactly("evaluate/weights-left", "evaluate/accuracy");
        assertThat(measured.spread("evaluate/accuracy", 1).mean()).isEqualTo(0.98);
        assertThat(measured.spread("evaluate/accuracy", 1).deviation())
                .isCloseTo(0.01414, org.assertj.core.data.Offset.offset(1e-5));
    }

    @Test
    void findsTheTurnOfALevelOnlyNearby() {
        Measured measured = Measured.of(CSV);
        assertThat(measured.turnNear("seed-1", "train", List.of(0, 1), 0.79)).isEqualTo(1);
        assertThat(measured.turnNear("seed-1", "train", List.of(0, 1), 0.036)).isEqualTo(-1);
    }

    @Test
    void aLevelIsAShareOfTheWeightsOrOfTheExamplesThatASelectionKept() {
        Measured measured = Measured.of(String.join(
                "\n",
                "run,step,name,value",
                "seed-1,1,choose/share,0.5",
                "seed-1,1,hard/accuracy,0.9",
                "seed-1,2,choose/share,0.1",
                "seed-1,2,hard/accuracy,0.7",
                ""));
        assertThat(of(measured, "hard/accuracy @ 50% of examples")).isEqualTo(0.9);
        assertThat(of(measured, "hard/accuracy @ 10% of examples")).isEqualTo(0.7);
        assertThat(of(measured, "hard/accuracy @ 30% of examples")).isNaN();
        assertThat(of(Measured.of(CSV), "evaluate/accuracy @ 80%")).isEqualTo(0.97);
        assertThat(of(measured, "first(hard/accuracy 0.8)")).isEqualTo(1);
        assertThat(of(measured, "first(hard/accuracy 0.95)")).isInfinite();
        assertThat(of(measured, "first(soft/accuracy 0.95)")).isNaN();
        assertThat(of(Measured.of(CSV), "evaluate/accuracy @ 80% of examples")).isNaN();
    }

    private static double of(Measured measured, String formula) {
        return new Formula(formula).value(new Levels(measured, "seed-1"));
    }

    @Test
    void aRepeatedPointCountsAsGivenLastAndARowCutShortNotAtAll() {
        Measured measured = Measured.of(CSV + "seed-1,1,evaluate/accuracy,0.5\nseed-1,2,evaluate/accuracy,0.");
        assertThat(measured.series("seed-1", "evaluate/accuracy").values()).containsExactly(0.5);
        assertThat(measured.torn()).isTrue();
    }

    @Test
    void cutAnywhereItLosesOneRowAtMost() {
        int lost = 0;
        for (int end = CSV.length() - 120; end < CSV.length(); end++) {
            List<List<String>> rows = new ArrayList<>();
            Csv.read(CSV.substring(0, end), rows::add);
            long whole = CSV.substring(0, end).chars().filter(c -> c == '\n').count();
            assertThat(rows).hasSize((int) whole);
            lost++;
        }
        System.out.println("metrics cut at " + lost + " places: at most one row lost each time");
    }

    @Test
    void readsQuotedFields() {
        List<List<String>> rows = new ArrayList<>();
        Csv.read("a,\"b, \"\"c\"\"\nd\",e\r\n", rows::add);
        assertThat(rows).containsExactly(List.of("a", "b, \"c\"\nd", "e"));
    }
}
