package org.espalier.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.espalier.experiment.Condition;
import org.espalier.experiment.ReportSpec;

/**
 * A claim of the paper beside what was measured.
 *
 * @param claim the claim in words
 * @param published the paper's value, as printed
 * @param source where in the paper it stands
 * @param ours our value, mean ± deviation (n) over the seeds
 * @param difference ours less the paper's, where both are numbers
 * @param verdict whether the claim came out
 * @param asked the condition that was asked
 * @param note why ours may differ
 */
public record Finding(
        String claim,
        String published,
        String source,
        String ours,
        String difference,
        Verdict verdict,
        String asked,
        String note) {

    private static final int MOST_DIGITS = 6;

    /** How a claim came out. */
    public enum Verdict {
        HOLDS("holds"),
        FAILS("does not hold"),
        NOT_MEASURED("not measured");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /** Puts a claim beside the metrics; an unknown published row is noted among the problems. */
    static Finding of(ReportSpec.Claim claim, Measured measured, PublishedNumbers numbers, List<String> problems) {
        String published = claim.published();
        String source = "";
        try {
            if (!claim.row().isEmpty()) {
                Map<String, String> row = numbers.only(claim.row());
                published = published.isEmpty() ? row.getOrDefault("value", "") : published;
                source = row.getOrDefault("table", "") + " (" + row.getOrDefault("source", "") + ")";
            }
        } catch (IllegalArgumentException e) {
            problems.add("Claim “" + claim.say() + "”: " + e.getMessage() + ".");
        }
        return judged(claim, measured, published, source);
    }

    private static Finding judged(ReportSpec.Claim claim, Measured measured, String published, String source) {
        double scale = claim.unit().equals("%") || claim.unit().equals("points") ? 100 : 1;
        Spread spread = Levels.spread(measured, claim.ours());
        double ours = spread.mean() * scale;
        double theirs = number(published);
        return new Finding(
                claim.say(),
                published.isEmpty()
                        ? "–"
                        : published.replaceAll("(?<!\\w)-(?=\\d)", "−")
                                + suffix(Double.isNaN(theirs) ? "" : claim.unit()),
                source,
                Double.isNaN(ours) ? "–" : told(ours, claim.verdict()) + spread(spread, scale) + suffix(claim.unit()),
                Double.isNaN(ours - theirs) ? "–" : signed(ours - theirs),
                verdict(claim, ours, theirs),
                claim.verdict()
                                .text()
                                .strip()
                                .replace(">=", "≥")
                                .replace("<=", "≤")
                                .replace('-', '−')
                        + suffix(claim.unit()),
                claim.note());
    }

    private static Verdict verdict(ReportSpec.Claim claim, double ours, double theirs) {
        if (Double.isNaN(ours) || claim.verdict().needsPublished() && Double.isNaN(theirs)) return Verdict.NOT_MEASURED;
        return claim.verdict().holds(ours, theirs) ? Verdict.HOLDS : Verdict.FAILS;
    }

    /** The number in a printed value such as {@code -38}, {@code >0.3} or {@code 2.51x}; NaN if it is words. */
    static double number(String printed) {
        String digits =
                printed.strip().replace('−', '-').replaceAll("^[<>~≥≤+]+", "").replaceAll("[%x×]$", "");
        return digits.matches("-?\\d+(\\.\\d+)?") ? Double.parseDouble(digits) : Double.NaN;
    }

    private static String spread(Spread spread, double scale) {
        return spread.count() < 2 ? "" : " ± " + plain(spread.deviation() * scale) + " (" + spread.count() + ")";
    }

    private static String suffix(String unit) {
        return unit.isEmpty() ? "" : unit.equals("%") ? " %" : " " + unit;
    }

    /** As {@link #plain} prints it, with more digits where it would look like the bound that it is held against. */
    private static String told(double ours, Condition verdict) {
        double bound = verdict.needsPublished() ? ours : verdict.bound();
        String text = plain(ours);
        for (int digits = 3; digits <= MOST_DIGITS && ours != bound && same(text, plain(bound, digits - 1)); digits++)
            text = plain(ours, digits);
        return text;
    }

    private static boolean same(String one, String other) {
        return one.replace("−", "").equals(other.replace("−", ""));
    }

    private static String plain(double value) {
        double size = Math.abs(value);
        return plain(value, size >= 1000 ? 0 : size >= 100 ? 1 : 2);
    }

    private static String plain(double value, int digits) {
        if (Double.isInfinite(value)) return value > 0 ? "∞" : "−∞";
        return String.format(Locale.ROOT, "%." + digits + "f", value).replace('-', '−');
    }

    private static String signed(double value) {
        return (value > 0 ? "+" : "") + plain(value);
    }
}
