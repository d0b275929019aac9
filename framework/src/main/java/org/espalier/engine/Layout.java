package org.espalier.engine;

/** How the examples of a batch lie in memory. */
public enum Layout {
    /** (batch, features): an example's features are neighbours. */
    ROWS,
    /** (features, batch): a feature's examples are neighbours, so that the batch fills the vector lanes of sparse products. */
    COLUMNS
}
