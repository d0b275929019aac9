package org.espalier.reliability;

import org.espalier.prune.Evidence;
import org.espalier.prune.Scorer;
import org.espalier.prune.Site;

/** A score that is NaN for one entry. */
public record BrokenScore() implements Scorer {
    @Override
    public float[] score(Site.Weight site, Evidence evidence) {
        float[] score = site.parameter().value().clone();
        score[7] = Float.NaN;
        return score;
    }
}
