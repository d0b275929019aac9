package org.espalier.prune;

import java.util.Optional;
import org.espalier.engine.Mask;
import org.espalier.engine.Parameter;

/**
 * One weight while it is pruned: a mask has been chosen and refiners may change it, the weights and the bias. The network itself
 * changes only when all refiners of a block are done.
 */
public final class Cut {
    private final Site.Weight site;
    private final Optional<Parameter> bias;
    private final Recipe recipe;
    private final Evidence evidence;
    private final float[] score;
    private final double density;
    private final boolean[] mask;
    private float[] changed;
    private float[] changedBias;
    private boolean refined;
    private int pieces = 1;

    public Cut(
            Site.Weight site,
            Optional<Parameter> bias,
            Recipe recipe,
            Evidence evidence,
            float[] score,
            double density,
            boolean[] mask) {
        this.site = site;
        this.bias = bias;
        this.recipe = recipe;
        this.evidence = evidence;
        this.score = score;
        this.density = density;
        this.mask = mask;
    }

    public Site.Weight site() {
        return site;
    }

    public int rows() {
        return site.parameter().rows();
    }

    public int columns() {
        return site.parameter().columns();
    }

    public Evidence evidence() {
        return evidence;
    }

    public Pattern pattern() {
        return recipe.pattern();
    }

    public double density() {
        return density;
    }

    /** The scores that chose the mask, −∞ for what was pruned before. */
    public float[] score() {
        return score;
    }

    /** True where an entry is kept; refiners write here. */
    public boolean[] mask() {
        return mask;
    }

    /** The values before this pruning: to be left alone. */
    public float[] original() {
        return site.parameter().value();
    }

    /** The values as they are now: to be left alone. */
    public float[] current() {
        return changed == null ? original() : changed;
    }

    /** The values to write: a copy of the weight, made at the first call. What the mask drops becomes zero in the end anyway. */
    public float[] weights() {
        if (changed == null) changed = original().clone();
        return changed;
    }

    /** The bias to write, one per row: a copy. */
    public float[] bias() {
        if (bias.isEmpty()) throw new PruningException(site.name() + " has no bias");
        if (changedBias == null) changedBias = bias.get().value().clone();
        return changedBias;
    }

    /** Whether entry {@code i} was pruned before: it cannot come back. */
    public boolean gone(int i) {
        Mask before = site.parameter().survivors();
        return before != null && !before.keeps(i);
    }

    /** Whether {@link #decide} may be used: the score can be asked again, and no refiner has chosen better since. */
    public boolean open() {
        return !refined && recipe.score().canBeAskedAgain();
    }

    /** Decides the mask of some columns anew, by the score of the weights as they are now. */
    public void decide(int first, int count) {
        float[] again = recipe.score().again(this, first, count);
        int columns = columns();
        for (int r = 0; r < rows(); r++)
            for (int c = 0; c < count; c++)
                if (gone(r * columns + first + c)) again[r * count + c] = Float.NEGATIVE_INFINITY;
        boolean[] kept = pattern().mask(again, rows(), count, density);
        for (int r = 0; r < rows(); r++) System.arraycopy(kept, r * count, mask, r * columns + first, count);
        pieces++;
    }

    void refine(Refiner refiner) {
        refiner.refine(this);
        refined = true;
    }

    /** In how many pieces the mask was decided at most: each is rounded on its own. */
    int pieces() {
        return pieces;
    }

    Optional<float[]> newWeights() {
        return Optional.ofNullable(changed);
    }

    Optional<float[]> newBias() {
        return Optional.ofNullable(changedBias);
    }

    Optional<Parameter> biasParameter() {
        return bias;
    }
}
