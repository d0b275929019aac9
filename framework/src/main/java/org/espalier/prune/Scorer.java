package org.espalier.prune;

import java.util.Set;
import org.espalier.spec.Family;

/** What matters: a score for every entry of a site; higher is worth keeping. */
@Family("methods.score")
public interface Scorer {
    /** What has to be gathered on calibration data. */
    default Set<Statistic> needs() {
        return Set.of();
    }

    /** A finite score per entry of the weight, in its order (rows × columns). The weight is left alone. */
    float[] score(Site.Weight site, Evidence evidence);
}
