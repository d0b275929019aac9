package org.espalier.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.text.Normalizer;
import java.util.Locale;

/** Names of metrics as a reader wants them. */
final class Words {
    private Words() {}

    /** {@code early-stop.test-accuracy} becomes {@code Early stop: test accuracy}. */
    static String sentence(String metric) {
        String words = plain(metric);
        return words.isEmpty() ? words : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    /** {@code valid.loss} becomes {@code Loss on valid over training}. */
    static String curve(String metric) {
        int dot = metric.lastIndexOf('.');
        String on = dot < 0 ? "" : " on " + plain(metric.substring(0, dot));
        return sentence(metric.substring(dot + 1)) + on + " over training";
    }

    /** {@code early-stop.test-accuracy} becomes {@code early stop: test accuracy}. */
    static String plain(String metric) {
        return metric.replace(".", ": ").replace('-', ' ');
    }

    /** A metric with its unit, for the head of a column. */
    static String unit(String metric) {
        String words = sentence(metric.replace("milliseconds", "time"));
        String sign = Unit.of(metric).sign;
        return sign.isEmpty() || words.toLowerCase(Locale.ROOT).contains(sign) ? words : words + " (" + sign + ")";
    }

    /** The title of an axis. */
    static String axis(String metric, Unit unit) {
        String words = metric.substring(metric.lastIndexOf('.') + 1).replace('-', ' ');
        String shown = metric.equals("density") ? "weights left" : words.replace("milliseconds per", "time per");
        return unit.sign.isEmpty() || shown.contains(unit.sign) ? shown : shown + " (" + unit.sign + ")";
    }

    /** A percentage of weights left with three digits at most, as papers label it. */
    static String level(double percent) {
        int digits = percent >= 99.95 ? 0 : percent >= 1 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + digits + "f", percent);
    }

    /** A round number without idle zeros. */
    static String tick(double value) {
        return new BigDecimal(value, new MathContext(2)).stripTrailingZeros().toPlainString();
    }

    /** A name that every file system takes. */
    static String slug(String text) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFKD).toLowerCase(Locale.ROOT);
        String slug = plain.replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        String cut = slug.substring(0, Math.min(slug.length(), 60));
        return cut.isEmpty() ? "figure" : cut;
    }
}
