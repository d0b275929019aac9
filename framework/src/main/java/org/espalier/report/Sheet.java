package org.espalier.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.NumberFormat;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;
import tech.tablesaw.columns.numbers.NumberColumnFormatter;
import tech.tablesaw.io.csv.CsvWriteOptions;
import tech.tablesaw.io.csv.CsvWriter;

/** A Tablesaw table on its way to the page and to a CSV file: bare numbers in the file, units on the page. */
final class Sheet {
    private final Table table;
    private final Set<String> taken = new HashSet<>();
    private final List<String> groups = new ArrayList<>();
    private final List<String> headers = new ArrayList<>();

    /** An empty table; the name is its file name. */
    Sheet(String name) {
        this.table = Table.create(name);
    }

    Sheet texts(String header, List<String> cells) {
        return add("", header, StringColumn.create(unique(header), cells));
    }

    /** Whole numbers. */
    Sheet counts(String header, long[] cells) {
        return add("", header, LongColumn.create(unique(header), cells));
    }

    /**
     * Measured numbers.
     *
     * @param name in the CSV file, which holds the numbers as they were measured
     * @param header on the page, which shows them in their unit
     */
    Sheet numbers(String name, String header, Unit unit, double[] cells) {
        return numbers(name, "", header, unit, cells);
    }

    /** The same with a heading that neighbours share. */
    Sheet numbers(String name, String group, String header, Unit unit, double[] cells) {
        DoubleColumn column = DoubleColumn.create(unique(name), cells);
        column.setPrintFormatter(new UnitFormat(unit));
        return add(group, header, column);
    }

    private Sheet add(String group, String header, Column<?> column) {
        table.addColumns(column);
        groups.add(group);
        headers.add(header);
        return this;
    }

    String name() {
        return table.name();
    }

    boolean isEmpty() {
        return table.rowCount() == 0 || table.columnCount() == 0;
    }

    void write(Path folder) throws IOException {
        Path file = folder.resolve(Words.slug(name()) + ".csv");
        try (var out = Files.newBufferedWriter(file)) {
            new CsvWriter()
                    .write(table, CsvWriteOptions.builder(out).lineEnd("\n").build());
        }
    }

    /** The table as HTML; the first column stays in sight when a phone scrolls the others. */
    Html html() {
        List<Html> rows = new ArrayList<>();
        for (int r = 0; r < table.rowCount(); r++) {
            int row = r;
            rows.add(Html.element("tr", table.columns().stream().map(c -> Html.styled("td", style(c), cell(c, row)))));
        }
        return Html.styled(
                "div", "scroll", Html.element("table", Html.element("thead", head()), Html.element("tbody", rows)));
    }

    private List<Html> head() {
        List<Html> above = new ArrayList<>();
        List<Html> names = new ArrayList<>();
        for (int i = 0; i < headers.size(); i++) {
            names.add(Html.styled("th", style(table.column(i)), headers.get(i)));
            if (i > 0 && groups.get(i).equals(groups.get(i - 1))) continue;
            int end = i;
            while (end < groups.size() && groups.get(end).equals(groups.get(i))) end++;
            above.add(Html.with("th", "colspan", Integer.toString(end - i))
                    .with("class", "group")
                    .of(groups.get(i)));
        }
        Html row = Html.element("tr", names);
        return above.size() < 2 ? List.of(row) : List.of(Html.element("tr", above), row);
    }

    private static String style(Column<?> column) {
        return column.type() == ColumnType.STRING ? "text" : "number";
    }

    private static String cell(Column<?> column, int row) {
        String cell = column.isMissing(row) ? "–" : column.getString(row);
        return cell.isEmpty() ? "–" : cell;
    }

    /** Tablesaw refuses two columns whose names differ in case only. */
    private String unique(String header) {
        String unique = header;
        for (int i = 2; !taken.add(unique.toLowerCase(Locale.ROOT)); i++) unique = header + " (" + i + ")";
        return unique;
    }

    private static final class UnitFormat extends NumberColumnFormatter {
        private final Unit unit;

        UnitFormat(Unit unit) {
            super(NumberFormat.getInstance(Locale.ROOT));
            this.unit = unit;
        }

        @Override
        public String format(double value) {
            return unit.format(value);
        }
    }
}
