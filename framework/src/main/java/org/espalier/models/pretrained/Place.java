package org.espalier.models.pretrained;

import java.util.Arrays;
import java.util.List;
import org.espalier.engine.Parameter;

/**
 * Where files keep a parameter.
 *
 * @param name the tensor's
 * @param turned whether it lies (in, out)
 * @param part which of {@code parts} it is that lie side by side in the tensor, along the outputs
 */
record Place(String name, boolean turned, int part, int parts) {
    private static final List<String> FUSED = List.of("query", "key", "value");

    /** Under the parameter's own name and in its own shape. */
    static Place plain(Parameter parameter) {
        return new Place(parameter.name(), false, 0, 1);
    }

    /**
     * As GPT-2's files do: matrices lie (in, out), queries, keys and values side by side in one.
     *
     * @param omitted what names in the file lack at their beginning
     */
    static Place gpt2(Parameter parameter, String omitted) {
        String name = parameter.name().substring(omitted.length());
        boolean turned = parameter.kind() == Parameter.Kind.WEIGHT;
        if (!name.contains(".c_attn.")) return new Place(name, turned, 0, 1);
        String[] words = name.split("\\.");
        String role = words[words.length - 2];
        return new Place(name.replace("." + role + ".", "."), turned, FUSED.indexOf(role), FUSED.size());
    }

    /** The dimensions of the tensor. */
    int[] shape(Parameter parameter) {
        int[] shape =
                Arrays.stream(parameter.shape()).mapToInt(Math::toIntExact).toArray();
        shape[0] = Math.multiplyExact(shape[0], parts);
        return turned ? new int[] {shape[1], shape[0]} : shape;
    }

    /** Whether the tensor holds the parameter as it is and nothing else. */
    boolean whole() {
        return parts == 1 && !turned;
    }

    /** Takes the parameter's values out of the tensor's. */
    void take(Parameter parameter, float[] stored, float[] into) {
        int rows = parameter.rows(), columns = parameter.columns();
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++) into[r * columns + c] = stored[at(r, c, rows, columns)];
    }

    /** Puts the parameter's values among the tensor's. */
    void put(Parameter parameter, float[] values, float[] stored) {
        int rows = parameter.rows(), columns = parameter.columns();
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++) stored[at(r, c, rows, columns)] = values[r * columns + c];
    }

    private int at(int row, int column, int rows, int columns) {
        int r = part * rows + row;
        return turned ? column * parts * rows + r : r * columns + column;
    }
}
