package org.espalier.prune;

/** What a method may ask to have gathered on calibration data before it decides. */
public enum Statistic {
    /** The mean gradient of the loss with respect to each weight, pruned ones included. */
    GRADIENT
}
