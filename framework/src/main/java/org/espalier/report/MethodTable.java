package org.espalier.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.espalier.experiment.ReportSpec;

/**
 * A table that a spec asks for: methods side by side, and what papers say of them.
 *
 * @param title the heading
 * @param sheet a row for each method
 */
record MethodTable(String title, Sheet sheet) {
    private static final Pattern PATH = Pattern.compile("[^\\s()]+/[^\\s()]+( @ [^\\s()]+( of examples)?)?");

    static List<MethodTable> all(RunFiles files) {
        List<MethodTable> tables = new ArrayList<>();
        for (ReportSpec.Table table : files.report().tables())
            tables.add(new MethodTable(table.title(), sheet("table-" + (tables.size() + 1), table, files.measured())));
        return tables;
    }

    private static Sheet sheet(String name, ReportSpec.Table table, Measured measured) {
        Sheet sheet =
                new Sheet(name).texts(table.head(), List.copyOf(table.rows().values()));
        for (String column : table.columns().keySet()) {
            Unit unit = unit(table.columns().get(column));
            List<Spread> cells = table.rows().keySet().stream()
                    .map(row -> Levels.spread(measured, table.cell(row, column)))
                    .toList();
            sheet.numbers(column, headed(column, unit), unit, each(cells, Spread::mean));
            if (measured.runs().size() > 1) sheet.deviations(unit, each(cells, Spread::deviation));
        }
        if (table.paper().isEmpty()) return sheet;
        return sheet.texts(
                "published",
                table.rows().keySet().stream()
                        .map(row -> table.paper().getOrDefault(row, ""))
                        .toList());
    }

    /** A metric alone has its unit; what is computed of several is a number. */
    private static Unit unit(String formula) {
        return PATH.matcher(formula).matches() ? Unit.of(formula.replaceFirst(" @.*", "")) : Unit.NUMBER;
    }

    private static String headed(String column, Unit unit) {
        return unit.sign.isEmpty() || column.contains(unit.sign) ? column : column + " (" + unit.sign + ")";
    }

    private static double[] each(List<Spread> cells, ToDoubleFunction<Spread> of) {
        return cells.stream().mapToDouble(of).toArray();
    }
}
