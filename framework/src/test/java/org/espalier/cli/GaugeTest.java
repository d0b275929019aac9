package org.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class GaugeTest {
    private final StringWriter err = new StringWriter();
    private long now;

    @Test
    void printsALineEveryTenSecondsWhereThereIsNoTerminal() {
        train(gauge(0), 1000, 1000, 0.1);
        assertThat(err.toString().lines()).hasSize(9).allMatch(line -> line.startsWith("repeat.1/train  step "));
        assertThat(err.toString()).doesNotContain("\r", "\u001b");
        assertThat(err.toString().lines().findFirst())
                .hasValue("repeat.1/train  step 101/1,000  loss 0.2500  left 80.0 %  3:10 to go");
    }

    @Test
    void redrawsOneLineOnATerminalAndLeavesNothingBehind() {
        Gauge gauge = gauge(60);
        train(gauge, 10, 10, 0.2);
        gauge.note("checkpoint written");
        gauge.close();
        assertThat(err.toString()).endsWith("\r\u001b[Kcheckpoint written\n").containsOnlyOnce("\n");
        assertThat(err.toString()).contains("\r[######------] repeat.1/train  step 5/10");
        assertThat(err.toString().split("\r"))
                .allMatch(drawn -> drawn.replace("\u001b[K", "").length() < 80);
    }

    @Test
    void doesNotLetAPauseUpsetTheTimeToGo() {
        Gauge gauge = gauge(200);
        train(gauge, 500, 1000, 0.1);
        now += 3_600_000_000_000L;
        gauge.step(501, 1000, 0.25);
        assertThat(err.toString()).endsWith("2:30 to go\u001b[K");
    }

    @Test
    void writesTimesAsClocksDo() {
        assertThat(Gauge.clockTime(59.6)).isEqualTo("1:00");
        assertThat(Gauge.clockTime(3_725)).isEqualTo("1:02:05");
        assertThat(Gauge.clockTime(-1)).isEqualTo("0:00");
    }

    private Gauge gauge(int columns) {
        Gauge gauge = new Gauge(new PrintWriter(err, true), columns, () -> now);
        gauge.stage("repeat.1/train", 0.8, 0, 2000);
        return gauge;
    }

    private void train(Gauge gauge, int done, int steps, double secondsEach) {
        for (int step = 1; step <= done; step++) {
            now += (long) (secondsEach * 1e9);
            gauge.step(step, steps, 0.25);
        }
    }
}
