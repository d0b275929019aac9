package org.espalier.models.pretrained;

import java.io.IOException;
import java.util.Arrays;
import org.espalier.data.pretrained.Checkpoint;
import org.espalier.engine.Parameter;

/** Where a checkpoint keeps the values of a parameter. */
interface Storage {
    /** Fills {@code into}, which has the parameter's size. */
    void read(Parameter parameter, float[] into) throws IOException;

    /** Under the parameter's own name and in its own shape. */
    static Storage plain(Checkpoint file) {
        return (parameter, into) -> {
            expect(file, parameter.name(), parameter.shape());
            file.read(parameter.name(), into);
        };
    }

    /**
     * As GPT-2's files do: matrices lie (in, out), queries, keys and values side by side in one, and names may lack
     * {@code transformer.}.
     */
    static Storage gpt2(Checkpoint file) {
        String omitted = file.names().contains("wte.weight") ? "transformer." : "";
        return (parameter, into) -> {
            String name = parameter.name().substring(omitted.length());
            int part = Math.max(0, Arrays.asList("query", "key", "value").indexOf(role(name)));
            int parts = name.contains(".c_attn.") ? 3 : 1;
            String stored = name.replaceFirst("\\.c_attn\\.(query|key|value)\\.", ".c_attn.");
            boolean turned = parameter.kind() == Parameter.Kind.WEIGHT;
            int rows = parameter.rows(), columns = parameter.columns();
            long[] shape = turned
                    ? new long[] {columns, (long) parts * rows}
                    : parts == 1 ? parameter.shape() : new long[] {(long) parts * rows};
            expect(file, stored, shape);
            if (parts == 1 && !turned) {
                file.read(stored, into);
                return;
            }
            float[] all = new float[parts * into.length];
            file.read(stored, all);
            if (!turned) System.arraycopy(all, part * rows, into, 0, rows);
            else
                for (int r = 0; r < rows; r++)
                    for (int c = 0; c < columns; c++) into[r * columns + c] = all[c * parts * rows + part * rows + r];
        };
    }

    private static String role(String name) {
        String[] words = name.split("\\.");
        return words.length < 2 ? "" : words[words.length - 2];
    }

    private static void expect(Checkpoint file, String name, long[] shape) throws IOException {
        if (!file.names().contains(name)) throw new IOException("the model's files hold no tensor " + name);
        if (!Arrays.equals(file.shape(name), shape))
            throw new IOException("tensor " + name + " has the shape " + Arrays.toString(file.shape(name))
                    + ", the configuration asks for " + Arrays.toString(shape));
    }
}
