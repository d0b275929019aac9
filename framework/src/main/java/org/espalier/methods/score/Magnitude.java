package org.espalier.methods.score;

import org.espalier.prune.Evidence;
import org.espalier.prune.Scorer;
import org.espalier.prune.Site;
import org.espalier.spec.Paper;

/** |w|, as in Han et al. (2015), section 3. */
@Paper(
        title = "Learning both Weights and Connections for Efficient Neural Networks",
        year = 2015,
        id = "1506.02626",
        tags = {"unstructured", "data-free"})
public record Magnitude() implements Scorer {
    @Override
    public float[] score(Site.Weight site, Evidence evidence) {
        float[] score = site.parameter().value().clone();
        for (int i = 0; i < score.length; i++) score[i] = Math.abs(score[i]);
        return score;
    }
}
