package org.espalier.methods.allocate;

import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.espalier.engine.Rng;
import org.espalier.prune.Allocator;
import org.espalier.prune.Budget;
import org.espalier.prune.Site;
import org.espalier.prune.Statistic;
import org.espalier.prune.Survey;
import org.espalier.spec.Default;
import org.espalier.spec.Paper;

/**
 * Zeroth order: each weight tensor is moved by ±epsilon·z, z normal, and counts as much as the loss answers, Σ |L₊ − L₋| / (2·epsilon)
 * over batches of eight calibration examples. A block counts as much as its tensors together. Every block first keeps the share
 * 1 − ratio − slack; what is left to keep goes out in proportion to the blocks' scores, none beyond all of its weights.
 * Two forward passes per tensor and batch.
 *
 * @param slack by how much a block may lose more than the ratio
 * @param by what shares one density
 */
@Paper(
        title = "ECoFLaP: Efficient Coarse-to-Fine Layer-Wise Pruning for Vision-Language Models",
        year = 2023,
        id = "2310.02998",
        tags = {"allocation", "calibration", "zeroth-order"})
public record Ecoflap(
        @Default("1e-3") double epsilon,
        @Default("0.1") double slack,
        @Default("block") Unit by) implements Allocator {
    /** What shares one density. */
    public enum Unit {
        BLOCK,
        LAYER
    }

    public Ecoflap {
        if (!(epsilon > 0)) throw new IllegalArgumentException("epsilon must be positive, got " + epsilon);
        if (!(slack >= 0)) throw new IllegalArgumentException("slack must not be negative, got " + slack);
    }

    @Override
    public Set<Statistic> needs() {
        return Set.of(Statistic.LOSS);
    }

    @Override
    public double[] allocate(Budget budget) {
        List<List<Integer>> groups = budget.groups(by == Unit.BLOCK);
        Survey.Probe probe = budget.survey().probe();
        double[] score = new double[groups.size()];
        for (int g = 0; g < score.length; g++)
            for (int i : groups.get(g))
                score[g] += sensitivity(probe, budget.sites().get(i), budget.survey());
        return densities(budget, groups, score);
    }

    double sensitivity(Survey.Probe probe, Site.Weight site, Survey survey) {
        RandomGenerator random = survey.random(site);
        float[] values = site.parameter().value().clone(), up = values.clone(), down = values.clone();
        double sum = 0;
        for (int b = 0; b < probe.batches(); b++) {
            for (int i = 0; i < values.length; i++) {
                float step = (float) (epsilon * Rng.gaussian(random));
                up[i] = values[i] + step;
                down[i] = values[i] - step;
            }
            sum += Math.abs(probe.loss(b, site, up) - probe.loss(b, site, down)) / (2 * epsilon);
        }
        return sum;
    }

    /** Deals out what the target keeps. */
    double[] densities(Budget budget, List<List<Integer>> groups, double[] score) {
        double[] kept = new double[score.length], most = new double[score.length];
        double floor = Math.max(0, 1 - budget.ratio() - slack), open = budget.target();
        for (int g = 0; g < kept.length; g++) {
            for (int i : groups.get(g)) {
                Site.Weight site = budget.sites().get(i);
                most[g] += site.kept();
                kept[g] += floor * budget.density(site, 0) * site.size();
            }
            open -= kept[g];
        }
        deal(kept, most, score, open);
        double[] density = new double[budget.sites().size()];
        for (int g = 0; g < kept.length; g++)
            for (int i : groups.get(g)) {
                Site.Weight site = budget.sites().get(i);
                density[i] = kept[g] / most[g] * site.kept() / site.size();
            }
        return density;
    }

    /** In proportion to the scores, again and again, until all is dealt or everyone is full; without scores, to what fits. */
    private static void deal(double[] kept, double[] most, double[] score, double open) {
        for (int turn = 0; turn <= 2 * kept.length && open > 1e-9; turn++) {
            double all = 0;
            for (int g = 0; g < kept.length; g++) if (kept[g] < most[g]) all += score[g];
            double room = 0;
            for (int g = 0; g < kept.length; g++) room += most[g] - kept[g];
            if (room <= 0) return;
            double dealt = 0;
            for (int g = 0; g < kept.length; g++) {
                double left = most[g] - kept[g];
                double given = Math.min(left, open * (all > 0 ? (left > 0 ? score[g] / all : 0) : left / room));
                kept[g] += given;
                dealt += given;
            }
            open -= dealt;
        }
    }
}
