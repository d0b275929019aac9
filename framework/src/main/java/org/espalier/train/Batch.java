package org.espalier.train;

/**
 * The examples of one update.
 *
 * @param ids their numbers
 * @param weights what each label counts, example after example; null: what the data says. They are scaled so that their sum is 1.
 */
public record Batch(int[] ids, float[] weights) {}
