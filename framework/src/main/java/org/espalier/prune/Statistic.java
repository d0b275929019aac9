package org.espalier.prune;

import java.util.Set;

/** What a method may ask to have gathered on calibration data before it decides. Only what is declared is gathered. */
public enum Statistic {
    /** The mean gradient of the loss with respect to each weight, pruned ones included; of the network before this pruning. */
    GRADIENT,
    /** Σ g² over the gradients of single calibration examples, per weight; of the network before this pruning. */
    GRADIENT_SQUARES,
    /** Σ |g| over the gradients of single calibration examples, per weight; of the network before this pruning. */
    GRADIENT_ABSOLUTE,
    /** Per column of a weight, Σ x² over the tokens of a calibration example, averaged over the examples. */
    INPUT_SQUARES,
    /** Per column of a weight, the mean of x over all tokens. */
    INPUT_MEAN,
    /**
     * Per column of a weight, the variance of x over the tokens of an example, averaged over the examples; where examples are
     * single tokens, the variance over all of them.
     */
    INPUT_VARIANCE,
    /** 2/n · XᵀX (columns, columns) with X the tokens of all n examples: the Hessian of a layer's squared output error. */
    GRAM,
    /** Inner products of the examples as they enter each block: {@link Survey#inputProducts}. */
    BLOCK_INPUTS,
    /** Losses of the network with some weights replaced: {@link Survey#probe}. */
    LOSS;

    /** Those that are seen where activations enter a weight, block by block. */
    static final Set<Statistic> OF_INPUTS = Set.of(INPUT_SQUARES, INPUT_MEAN, INPUT_VARIANCE, GRAM);

    /** Those of gradients, which are gathered over the whole network at once. */
    public static final Set<Statistic> OF_GRADIENTS = Set.of(GRADIENT, GRADIENT_SQUARES, GRADIENT_ABSOLUTE);
}
