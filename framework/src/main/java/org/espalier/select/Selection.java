package org.espalier.select;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * What was chosen, and why.
 *
 * @param ids numbers of the chosen examples, rising: the order of the data, whatever the order of choice was
 * @param scores one for every example there was to choose from; what a high one means is the selector's affair
 * @param rule how the budget was spent, in a sentence
 * @param columns other numbers of every example by name, such as {@code cluster}, for the files of the run
 * @param facts numbers about the whole by name, such as {@code kl-reduction}: they become metrics
 */
public record Selection(
        int[] ids, double[] scores, String rule, SequencedMap<String, double[]> columns, Map<String, Double> facts) {
    /** @throws IllegalArgumentException if numbers are out of place or scores are not numbers, naming the first */
    public Selection {
        for (int i = 0; i < ids.length; i++)
            if (ids[i] < 0 || ids[i] >= scores.length || i > 0 && ids[i] <= ids[i - 1])
                throw new IllegalArgumentException(
                        "example " + ids[i] + " is out of place in a selection from " + scores.length);
        for (int i = 0; i < scores.length; i++)
            if (Double.isNaN(scores[i]))
                throw new IllegalArgumentException("the score of example " + i + " is not a number");
        columns = new LinkedHashMap<>(columns);
        for (var column : columns.entrySet())
            if (column.getValue().length != scores.length)
                throw new IllegalArgumentException(column.getKey() + " has " + column.getValue().length
                        + " numbers for " + scores.length + " examples");
        facts = new TreeMap<>(facts);
    }

    /** A selection about which there is nothing more to say. */
    public Selection(int[] ids, double[] scores, String rule) {
        this(ids, scores, rule, new LinkedHashMap<>(), Map.of());
    }

    /** The same with another column. */
    public Selection with(String column, double[] numbers) {
        SequencedMap<String, double[]> more = new LinkedHashMap<>(columns);
        more.put(column, numbers);
        return new Selection(ids, scores, rule, more, facts);
    }

    /** The same with another fact. */
    public Selection with(String fact, double number) {
        Map<String, Double> more = new TreeMap<>(facts);
        more.put(fact, number);
        return new Selection(ids, scores, rule, columns, more);
    }
}
