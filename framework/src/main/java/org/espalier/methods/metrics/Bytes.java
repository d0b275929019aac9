package org.espalier.methods.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import org.espalier.engine.Mask;
import org.espalier.engine.Parameter;
import org.espalier.measure.Measurement;
import org.espalier.measure.Metric;

/**
 * Bytes the parameters take. In memory, as 32-bit floats: {@code bytes.dense} for all of them, {@code bytes.compressed},
 * {@code bytes.bitmap} and {@code bytes.two-of-four} with every pruned weight in that form ({@code two-of-four} where it has it, dense
 * elsewhere), and {@code bytes} with each weight in the form that is smallest for it. {@code smallest-form.<form>} counts the weights for
 * which a form is smallest. {@code bytes.file} is a file of the smallest forms whose values are rounded to 16 bits, and
 * {@code bytes.file.dense} one of the dense forms.
 */
public record Bytes() implements Metric {
    /** How a weight matrix can be held. */
    private enum Form {
        DENSE("dense"),
        /** A value and a 32-bit column for each survivor, a 32-bit start for each row. */
        COMPRESSED("compressed"),
        /** A value for each survivor, a bit for each entry, a 32-bit start for each row. */
        BITMAP("bitmap"),
        /** Two values and two 2-bit positions for every four entries of a row. */
        TWO_OF_FOUR("two-of-four");

        private final String label;

        Form(String label) {
            this.label = label;
        }

        /** Bytes of a weight; those of its dense form if it cannot be held so. */
        long bytes(Parameter p, int value) {
            long dense = (long) value * p.size(), kept = (long) value * p.kept(), starts = 4L * (p.rows() + 1);
            if (p.survivors() == null) return dense;
            return switch (this) {
                case DENSE -> dense;
                case COMPRESSED -> kept + 4L * p.kept() + starts;
                case BITMAP -> kept + 4L * p.rows() * ((p.columns() + 31) / 32) + starts;
                case TWO_OF_FOUR -> twoOfFour(p) ? value * (p.size() / 2L) + (p.size() + 7L) / 8 : dense;
            };
        }
    }

    @Override
    public Map<String, Double> measure(Measurement of) {
        Map<String, Double> found = new LinkedHashMap<>();
        for (Form form : Form.values()) found.put("bytes." + form.label, 0.0);
        for (Parameter p : of.model().parameters()) {
            Form best = Form.DENSE;
            for (Form form : Form.values()) {
                found.merge("bytes." + form.label, (double) form.bytes(p, Float.BYTES), Double::sum);
                if (form.bytes(p, Float.BYTES) < best.bytes(p, Float.BYTES)) best = form;
            }
            found.merge("bytes", (double) best.bytes(p, Float.BYTES), Double::sum);
            found.merge("bytes.file", (double) best.bytes(p, Short.BYTES), Double::sum);
            found.merge("bytes.file.dense", (double) Short.BYTES * p.size(), Double::sum);
            if (p.kind() == Parameter.Kind.WEIGHT) found.merge("smallest-form." + best.label, 1.0, Double::sum);
        }
        return found;
    }

    /** Whether at most two of every four entries of a row survive. */
    private static boolean twoOfFour(Parameter p) {
        if (p.columns() % 4 != 0) return false;
        Mask mask = p.survivors();
        for (int i = 0; i < p.size(); i += 4) {
            int kept = 0;
            for (int k = i; k < i + 4; k++) if (mask.keeps(k)) kept++;
            if (kept > 2) return false;
        }
        return true;
    }
}
