package org.espalier.methods.score;

import java.util.random.RandomGenerator;
import org.espalier.prune.Evidence;
import org.espalier.prune.Scorer;
import org.espalier.prune.Site;
import org.espalier.spec.Paper;

/** A uniform random number: the baseline every other score has to beat. */
@Paper(
        title =
                "The Unreasonable Effectiveness of Random Pruning: Return of the Most Naive Baseline for Sparse Training",
        year = 2022,
        id = "2202.02643",
        tags = {"unstructured", "data-free", "at-initialisation"})
public record Random() implements Scorer {
    @Override
    public float[] score(Site.Weight site, Evidence evidence) {
        RandomGenerator random = evidence.random(site);
        float[] score = new float[site.size()];
        for (int i = 0; i < score.length; i++) score[i] = random.nextFloat();
        return score;
    }
}
