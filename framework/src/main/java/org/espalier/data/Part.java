package org.espalier.data;

/** The part of a dataset that is asked for. */
public enum Part {
    /** The examples to train on: the training file without its hold-out. */
    TRAIN,
    /** The last examples of the training file, kept for validation. */
    HOLDOUT,
    /** The examples to judge by. */
    TEST
}
