package org.espalier.report;

import java.util.Locale;
import java.util.regex.Pattern;

/** How a metric is printed: known by its name, because metric files hold bare numbers. */
enum Unit {
    PERCENT(100, "%", 2),
    MILLISECONDS(1, "ms", 3),
    BYTES(1, "bytes", 0),
    COUNT(1, "", 0),
    NUMBER(1, "", 4);

    private static final Pattern SHARE =
            Pattern.compile("(.*[.-])?(accuracy|weights-left|density|sparsity|share)(\\..*)?");
    private static final Pattern WHOLE = Pattern.compile(
            "(.*[.-])?(iterations?|removed|examples|weights|parameters|flops|steps|examples-per-second)");

    final double scale;
    final String sign;
    private final int digits;

    Unit(double scale, String sign, int digits) {
        this.scale = scale;
        this.sign = sign;
        this.digits = digits;
    }

    /** The unit of a metric or of a metric path. */
    static Unit of(String metric) {
        String leaf = metric.substring(metric.indexOf('/') + 1);
        if (SHARE.matcher(leaf).matches()) return PERCENT;
        if (leaf.contains("milliseconds")) return MILLISECONDS;
        if (leaf.contains("bytes")) return BYTES;
        return WHOLE.matcher(leaf).matches() ? COUNT : NUMBER;
    }

    /** The number as it stands in a table, without its sign; {@code –} if it was not measured. */
    String format(double value) {
        if (Double.isNaN(value)) return "–";
        if (Double.isInfinite(value)) return value > 0 ? "∞" : "−∞";
        double scaled = value * scale;
        boolean whole = digits == 0 && (scaled == Math.rint(scaled) || Math.abs(scaled) >= 1000);
        if (whole) return grouped(scaled, 0);
        return this == NUMBER ? significant(scaled) : grouped(scaled, digits == 0 ? 1 : digits);
    }

    /** Mean and, with several seeds, ± deviation (n). */
    String format(Spread spread) {
        if (spread.count() < 2) return format(spread.mean());
        return format(spread.mean()) + " ± " + format(spread.deviation()) + " (" + spread.count() + ")";
    }

    private static String grouped(double value, int digits) {
        String text = String.format(Locale.ROOT, "%,." + digits + "f", value);
        return text.replace(",", Math.abs(value) < 10_000 ? "" : " ").replace("-", "−");
    }

    private static String significant(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e7) return grouped(value, 0);
        double size = Math.abs(value);
        if (size < 1e-4 || size >= 1e7)
            return String.format(Locale.ROOT, "%.3g", value).replace("-", "−");
        return grouped(value, size < 1 ? 4 : size < 100 ? 3 : 1);
    }
}
