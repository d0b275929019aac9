package org.espalier.experiment;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What must be true of a number for a claim to hold: {@code "> 0"}, {@code ">= 97.5"}, {@code "< 1"},
 * {@code "<= 3"} or {@code "within 0.5"} (of the published value).
 *
 * @param text the condition as written, in the unit of the claim
 */
public record Condition(String text) {
    private static final Pattern FORM = Pattern.compile("\\s*(>=|<=|>|<|within)\\s*(-?\\d+(?:\\.\\d+)?)\\s*");

    /** Checks the form. */
    public Condition {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a condition: write > >= < <= or within, then a number");
        }
    }

    /**
     * Whether a measured value meets the condition.
     *
     * @param ours the measured value
     * @param published the published value, used by {@code within} only
     */
    public boolean holds(double ours, double published) {
        double bound = bound();
        return switch (form().group(1)) {
            case ">" -> ours > bound;
            case ">=" -> ours >= bound;
            case "<" -> ours < bound;
            case "<=" -> ours <= bound;
            default -> Math.abs(ours - published) <= bound;
        };
    }

    /** The number that is compared with. */
    public double bound() {
        return Double.parseDouble(form().group(2));
    }

    private Matcher form() {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) throw new IllegalStateException(text);
        return form;
    }

    /** Whether the condition compares with the published value. */
    public boolean needsPublished() {
        return text.strip().startsWith("within");
    }

    @Override
    public String toString() {
        return text;
    }
}
