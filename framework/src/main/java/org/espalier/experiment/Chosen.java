package org.espalier.experiment;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.espalier.data.Dataset;
import org.espalier.data.Subset;
import org.espalier.data.file.Safetensors;
import org.espalier.data.file.SafetensorsWriter;
import org.espalier.select.Selection;

/**
 * A selection that has a name: what a checkpoint, the cache and the files of the run say of it.
 *
 * @param to its name
 * @param about what it was made from and how: texts, numbers, lists and maps of these
 * @param candidates the numbers that the examples it was chosen from have in a part of the data, if they were a selection themselves;
 *     null if they were the whole part
 */
record Chosen(String to, Map<String, Object> about, Selection selection, int[] candidates) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SELECTION = "selection/";
    private static final String COLUMN = "/column/";
    private static final String CANDIDATES = "/candidates";

    /** The part of the data, or the selection, that it was chosen from. */
    String from() {
        return (String) about.get("from");
    }

    /** The part of the data that its examples are of, also if they were chosen more than once. */
    String part() {
        return (String) about.get("part");
    }

    /** The file of the run that it is written to, without an ending. */
    String file() {
        return (String) about.get("file");
    }

    /** The numbers that the chosen examples have in the part. */
    int[] numbers() {
        return candidates == null
                ? selection.ids()
                : IntStream.of(selection.ids()).map(i -> candidates[i]).toArray();
    }

    /** The chosen examples. */
    Dataset examples(Dataset part) {
        return new Subset(part.name() + "/" + to, part, numbers());
    }

    /** Puts it into a checkpoint, scores to the last bit. */
    void addTo(SafetensorsWriter writer) {
        String name = SELECTION + to;
        Map<String, Object> all = new LinkedHashMap<>(about);
        all.put("rule", selection.rule());
        all.put("facts", selection.facts());
        all.put("columns", List.copyOf(selection.columns().keySet()));
        try {
            writer.metadata(name, JSON.writeValueAsString(all));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        writer.ints(name + "/ids", selection.ids()).longs(name + "/scores", bits(selection.scores()));
        if (candidates != null) writer.ints(name + CANDIDATES, candidates);
        selection.columns().forEach((column, values) -> writer.longs(name + COLUMN + column, bits(values)));
    }

    /** The selections that a checkpoint holds. */
    static List<Chosen> of(Safetensors file) throws IOException {
        List<Chosen> all = new ArrayList<>();
        for (var entry : file.metadata().entrySet())
            if (entry.getKey().startsWith(SELECTION) && file.tensors().containsKey(entry.getKey() + "/ids"))
                all.add(read(file, entry.getKey(), entry.getValue()));
        return all;
    }

    @SuppressWarnings("unchecked")
    private static Chosen read(Safetensors file, String name, String json) throws IOException {
        Map<String, Object> about = new LinkedHashMap<>(JSON.readValue(json, Map.class));
        SequencedMap<String, double[]> columns = new LinkedHashMap<>();
        for (String column : (List<String>) about.remove("columns"))
            columns.put(column, doubles(file.longs(name + COLUMN + column)));
        Map<String, Double> facts = new LinkedHashMap<>();
        ((Map<String, Number>) about.remove("facts")).forEach((fact, value) -> facts.put(fact, value.doubleValue()));
        String rule = (String) about.remove("rule");
        return new Chosen(
                name.substring(SELECTION.length()),
                about,
                new Selection(file.ints(name + "/ids"), doubles(file.longs(name + "/scores")), rule, columns, facts),
                file.tensors().containsKey(name + CANDIDATES) ? file.ints(name + CANDIDATES) : null);
    }

    /**
     * Writes what was chosen and why: {@code file.json}, and {@code file.csv} with a line for every example there was to choose from, by its
     * number in the part.
     */
    void write(RunFolder folder, Dataset part) throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", to);
        all.putAll(about);
        all.put("rule", selection.rule());
        all.put("facts", selection.facts());
        all.put("digest", examples(part).digest());
        folder.write(file() + ".csv", table(part));
        folder.writeJson(file() + ".json", all); // last: where it is, the table is
    }

    private String table(Dataset part) {
        StringBuilder text = new StringBuilder("id,chosen,score");
        selection.columns().keySet().forEach(column -> text.append(',').append(column));
        text.append(",domain,length\n");
        int next = 0;
        for (int i = 0; i < selection.scores().length; i++) {
            boolean chosen = next < selection.ids().length && selection.ids()[next] == i;
            if (chosen) next++;
            int id = candidates == null ? i : candidates[i];
            text.append(id).append(chosen ? ",1," : ",0,").append(selection.scores()[i]);
            for (double[] column : selection.columns().values())
                text.append(',').append(column[i]);
            text.append(',').append(kind(part, id).replaceAll("[,\"\\p{Cc}]", " "));
            text.append(',').append(part.length(id)).append('\n');
        }
        return text.toString();
    }

    /** Its domain, or where that is not known, its class. */
    private static String kind(Dataset part, int id) {
        String domain = part.domain(id);
        return domain.isEmpty() && part.labels() == 1 ? "class " + part.label(id) : domain;
    }

    private static long[] bits(double[] values) {
        long[] bits = new long[values.length];
        for (int i = 0; i < bits.length; i++) bits[i] = Double.doubleToRawLongBits(values[i]);
        return bits;
    }

    private static double[] doubles(long[] bits) {
        double[] values = new double[bits.length];
        for (int i = 0; i < values.length; i++) values[i] = Double.longBitsToDouble(bits[i]);
        return values;
    }
}
