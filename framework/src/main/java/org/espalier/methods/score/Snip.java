package org.espalier.methods.score;

import java.util.Set;
import org.espalier.prune.Evidence;
import org.espalier.prune.Scorer;
import org.espalier.prune.Site;
import org.espalier.prune.Statistic;
import org.espalier.spec.Paper;

/**
 * |g · w|, the sensitivity of the loss to a connection's presence (equation 5). The paper's division by the sum of all
 * scores changes no order and is left out.
 */
@Paper(
        title = "SNIP: Single-shot Network Pruning based on Connection Sensitivity",
        year = 2018,
        id = "1810.02340",
        tags = {"unstructured", "at-initialisation"})
public record Snip() implements Scorer {
    @Override
    public Set<Statistic> needs() {
        return Set.of(Statistic.GRADIENT);
    }

    @Override
    public float[] score(Site.Weight site, Evidence evidence) {
        float[] gradient = evidence.of(site, Statistic.GRADIENT);
        float[] value = site.parameter().value();
        float[] score = new float[value.length];
        for (int i = 0; i < score.length; i++) score[i] = Math.abs(gradient[i] * value[i]);
        return score;
    }
}
