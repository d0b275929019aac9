package org.espalier.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.NumberFormat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
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
    /** Deviations by the column of their means; null for a column that stands in the CSV file only. */
    private final Map<Integer, List<String>> spreads = new HashMap<>();

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

    /** The deviations of the column before, in a column of their own in the CSV file and beside the mean on the page. */
    Sheet deviations(Unit unit, double[] deviations) {
        String of = table.column(table.columnCount() - 1).name();
        spreads.put(
                table.columnCount() - 1,
                DoubleStream.of(deviations)
                        .mapToObj(d -> d > 0 ? " ± " + unit.format(d) : "")
                        .toList());
        spreads.put(table.columnCount(), null);
        return add("", "", DoubleColumn.create(unique("± " + of), deviations));
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
        int[] shown = IntStream.range(0, table.columnCount())
                .filter(c -> !spreads.containsKey(c) || spreads.get(c) != null)
                .toArray();
        List<Html> rows = IntStream.range(0, table.rowCount())
                .mapToObj(row -> Html.element(
                        "tr",
                        IntStream.of(shown).mapToObj(c -> Html.styled("td", style(table.column(c)), cell(c, row)))))
                .toList();
        Html whole = Html.element("table", Html.element("thead", head(shown)), Html.element("tbody", rows));
        return Html.styled("div", "scroll", whole);
    }

    private List<Html> head(int[] shown) {
        List<Html> above = new ArrayList<>();
        List<Html> names = new ArrayList<>();
        for (int i = 0; i < shown.length; i++) {
            String group = groups.get(shown[i]);
            names.add(Html.styled("th", style(table.column(shown[i])), headers.get(shown[i])));
            if (i > 0 && group.equals(groups.get(shown[i - 1]))) continue;
            int end = i;
            while (end < shown.length && groups.get(shown[end]).equals(group)) end++;
            above.add(Html.with("th", "colspan", Integer.toString(end - i))
                    .with("class", "group")
                    .of(group));
        }
        Html row = Html.element("tr", names);
        return above.size() < 2 ? List.of(row) : List.of(Html.element("tr", above), row);
    }

    private static String style(Column<?> column) {
        return column.type() == ColumnType.STRING ? "text" : "number";
    }

    private String cell(int c, int row) {
        Column<?> column = table.column(c);
        String cell = column.isMissing(row) ? "" : column.getString(row);
        if (cell.isEmpty()) return "–";
        return spreads.containsKey(c) ? cell + spreads.get(c).get(row) : cell;
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
