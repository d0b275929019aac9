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
        return new NotFiniteException(what + " is " + value + " at step " + step + " of " + path + culprit(model));
    }

    /**
     * Refuses to go on with weights that are not finite.
     *
     * @throws NotFiniteException naming the first of them
     */
    public static void check(Model model, String path, long step) {
        for (Parameter p : model.parameters())
            if (!finite(p.value()))
                throw new NotFiniteException(p.name() + " is not finite after step " + step + " of " + path);
    }

    private static String culprit(Model model) {
        String culprit = "";
        for (Parameter p : model.parameters()) {
            if (!finite(p.value())) culprit = "; " + p.name() + " is not finite";
            else if (p.trainable() && !finite(p.trainedGrad()))
                culprit = "; the gradient of " + p.name() + " is not finite";
            if (!culprit.isEmpty()) break;
        }
        return culprit;
    }

    static boolean finite(float[] values) {
        for (float v : values) if (!Float.isFinite(v)) return false;
        return true;
    }
}
