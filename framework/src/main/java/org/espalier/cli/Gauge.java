package org.espalier.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows on standard error how far a run is: a bar on a terminal, redrawn ten times a second; elsewhere a line every ten
 * seconds. The time to go follows from the median pace of the last moments, so that a pause does not upset it.
 */
final class Gauge implements AutoCloseable {
    private static final long REDRAW = Duration.ofMillis(100).toNanos();
    private static final long LINE = Duration.ofSeconds(10).toNanos();
    private static final int PACES = 31;
    private static final int CELLS = 12;

    private final PrintWriter err;
    private final int columns;
    private final LongSupplier clock;
    private final double[] paces = new double[PACES];
    private int paceCount;

    private String stage = "";
    private double weightsLeft = 1;
    private long before;
    private long total;
    private long lastTime;
    private long lastStep;
    private boolean drawn;

    /** @param columns the width of the terminal, or 0 where standard error is none */
    Gauge(PrintWriter err, int columns, LongSupplier nanoseconds) {
        this.err = err;
        this.columns = columns;
        this.clock = nanoseconds;
        lastTime = clock.getAsLong();
    }

    /**
     * A stage begins.
     *
     * @param before training steps of the whole run that come before this stage
     * @param total training steps of the whole run
     */
    void stage(String stage, double weightsLeft, long before, long total) {
        this.stage = stage;
        this.weightsLeft = weightsLeft;
        this.before = before;
        this.total = total;
        lastStep = -1;
        if (columns > 0) draw(stage);
    }

    /** Training has reached a step of this stage; cheap enough to be called at each. */
    void step(long step, long steps, double loss) {
        long now = clock.getAsLong();
        if (lastStep < 0 || step < lastStep) { // a stage or a resumed one begins: nothing to take a pace from
            lastStep = step;
            lastTime = now;
            return;
        }
        if (now - lastTime < (columns > 0 ? REDRAW : LINE)) return;
        if (step > lastStep) paces[paceCount++ % PACES] = (now - lastTime) / 1e9 / (step - lastStep);
        lastTime = now;
        lastStep = step;
        String text = text(step, steps, loss);
        if (columns > 0) draw(bar(step, steps) + text);
        else err.println(text);
    }

    /** A line of its own, above the bar. */
    void note(String line) {
        clear();
        err.println(line);
    }

    @Override
    public void close() {
        clear();
    }

    private String text(long step, long steps, double loss) {
        return String.format(
                Locale.ROOT,
                "%s  step %,d/%,d  loss %.4g  left %.1f %%  %s to go",
                stage,
                step,
                steps,
                loss,
                100 * weightsLeft,
                clockTime((total - before - step) * medianPace()));
    }

    private static String bar(long step, long steps) {
        int filled = (int) (CELLS * step / Math.max(1, steps));
        return "[" + "#".repeat(filled) + "-".repeat(CELLS - filled) + "] ";
    }

    private double medianPace() {
        double[] known = Arrays.copyOf(paces, Math.min(paceCount, PACES));
        Arrays.sort(known);
        return known.length == 0 ? 0 : known[known.length / 2];
    }

    static String clockTime(double seconds) {
        long s = Math.max(0, Math.round(seconds));
        return s < 3600
                ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
    }

    private void draw(String text) {
        String fitting = text.length() < columns ? text : text.substring(0, Math.max(0, columns - 1));
        err.print("\r" + fitting + "\u001b[K");
        err.flush();
        drawn = true;
    }

    private void clear() {
        if (!drawn) return;
        err.print("\r\u001b[K");
        err.flush();
        drawn = false;
    }
}
