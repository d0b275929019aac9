package org.espalier.train;

import org.espalier.engine.Parameter;
import org.espalier.models.Model;

/** A number became NaN or infinite. What was saved before is untouched. */
public final class NotFiniteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NotFiniteException(String message) {
        super(message);
    }

    /** Names the place, and the first parameter or gradient that is not finite: the likeliest culprit. */
    public static NotFiniteException in(Model model, String what, float value, String path, long step) {
        String culprit = "";
        for (Parameter p : model.parameters()) {
            if (!finite(p.value())) culprit = "; " + p.name() + " is not finite";
            else if (p.trainable() && !finite(p.trainedGrad())) culprit = "; the gradient of " + p.name() + " is not finite";
            if (!culprit.isEmpty()) break;
        }
        return new NotFiniteException(what + " is " + value + " at step " + step + " of " + path + culprit);
    }

    private static boolean finite(float[] values) {
        for (float v : values) if (!Float.isFinite(v)) return false;
        return true;
    }
}
