package org.espalier.experiment;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.spec.Default;

/**
 * The {@code report:} section of a spec: which figures to draw, which claims of the paper to put beside our numbers,
 * and where our protocol differs. It never changes a run, so it is left out of its key.
 *
 * @param published the paper's numbers
 * @param names what a step is called in figures, e.g. {@code control: re-initialised}
 * @param figures the figures to draw first; those that follow from the metrics alone are drawn anyway
 * @param tables tables to put first: methods side by side
 * @param claims what the paper says, beside what we measured
 * @param protocol where our protocol differs from the paper's, one sentence each
 */
public record ReportSpec(
        @Default("{}") Published published,
        @Default("{}") Map<String, String> names,
        @Default("[]") List<Figure> figures,
        @Default("[]") List<Table> tables,
        @Default("[]") List<Claim> claims,
        @Default("[]") List<String> protocol) {

    /** A report that says only what the metrics say. */
    public static final ReportSpec PLAIN =
            new ReportSpec(new Published("", Map.of()), Map.of(), List.of(), List.of(), List.of(), List.of());

    /**
     * A file of published numbers and the rows of it that concern this run.
     *
     * @param file a name below the folder {@code experiments}, e.g. {@code published/lth.csv}
     * @param where the value a column must have, e.g. {@code model: Lenet-300-100}
     */
    public record Published(
            @Default("''") String file, @Default("{}") Map<String, String> where) {}

    /** Something to draw. */
    public sealed interface Figure permits Line, Curves, Share {
        /** The heading of the figure. */
        String title();

        /** The steps whose metrics are drawn. */
        List<String> of();
    }

    /**
     * One number per turn against the weights left in that turn.
     *
     * @param title the heading
     * @param y the metric below the step, e.g. {@code early-stop.test-accuracy}
     * @param of the steps, e.g. {@code [train, control]}
     * @param points what the paper found, drawn as marks
     */
    public record Line(
            @Default("''") String title,
            String y,
            List<String> of,
            @Default("[]") List<Point> points) implements Figure {}

    /**
     * A metric over the iterations of training, one curve for each level of weights left.
     *
     * @param title the heading
     * @param y the metric below the step, e.g. {@code valid.accuracy}
     * @param of the steps; all but the first are drawn dashed
     * @param levels percentages of weights left; the nearest measured ones are drawn, a few evenly spaced if empty
     */
    public record Curves(
            @Default("''") String title,
            String y,
            List<String> of,
            @Default("[]") List<Double> levels) implements Figure {}

    /**
     * One number per turn against the share of the examples that the last selection before it kept.
     *
     * @param title the heading
     * @param y the metric below the step, e.g. {@code accuracy}
     * @param of the steps; one before which nothing was selected stands at all examples
     * @param from the least value that is shown, in the axis' unit; lines may leave the figure below it
     */
    public record Share(@Default("''") String title, String y, List<String> of, Optional<Double> from)
            implements Figure {}

    /**
     * A published point in a figure.
     *
     * @param say what it is, e.g. {@code "paper: 0.3 points above dense"}
     * @param at percent of weights left
     * @param y its height, as a formula because papers often state it relative to the dense network
     */
    public record Point(String say, double at, Formula y) {}

    /**
     * Methods side by side: a row for each, and columns of which each is one formula.
     *
     * @param title the heading
     * @param head the heading of the first column
     * @param rows the names that rows have in formulas, and what they are called, e.g. {@code lora: LoRA}
     * @param columns headings and formulas in which {@code {}} stands for the row's name, e.g. {@code after-{}-50/perplexity}
     * @param paper what papers say of a row, in words
     */
    public record Table(
            String title,
            @Default("method") String head,
            Map<String, String> rows,
            Map<String, String> columns,
            @Default("{}") Map<String, String> paper) {
        private static final String ROW = "{}";

        /** Checks that all formulas can be read, and that papers speak of rows that exist. */
        public Table {
            if (rows.isEmpty() || columns.isEmpty())
                throw new IllegalArgumentException("the table '" + title + "' needs rows and columns");
            for (String formula : columns.values())
                for (String row : rows.keySet()) new Formula(formula.replace(ROW, row));
            for (String row : paper.keySet())
                if (!rows.containsKey(row))
                    throw new IllegalArgumentException(
                            "paper speaks of '" + row + "', which is no row of the table '" + title + "'");
        }

        /** The formula of a cell. */
        public Formula cell(String row, String column) {
            return new Formula(columns.get(column).replace(ROW, row));
        }
    }

    /**
     * One claim of the paper.
     *
     * @param say the claim in words
     * @param ours the formula of our number
     * @param unit {@code %} and {@code points} are shares times 100; anything else is printed as it is
     * @param published the paper's number or words, if no row of the published file holds it
     * @param row the row of the published file: the value each named column has
     * @param verdict what our number must fulfil, in the claim's unit
     * @param note why ours may differ here
     */
    public record Claim(
            String say,
            Formula ours,
            @Default("''") String unit,
            @Default("''") String published,
            @Default("{}") Map<String, String> row,
            Condition verdict,
            @Default("''") String note) {}
}
