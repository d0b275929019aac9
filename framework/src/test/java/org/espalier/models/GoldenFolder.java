package org.espalier.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.espalier.data.file.ElementType;
import org.espalier.data.file.Safetensors;
import org.espalier.data.file.StoredTensor;

/**
 * One folder of values that another implementation wrote. The folders stand among the test resources, or where the system property
 * {@code espalier.golden} says.
 */
public final class GoldenFolder {
    /** Differences up to this share of the value are rounding. */
    static final double RELATIVE = 1e-4;

    /** And up to this near zero. */
    static final double ABSOLUTE = 2e-5;

    private static final Path OWN = Path.of("src/test/resources/golden");

    private final Path folder;

    private GoldenFolder(Path folder) {
        this.folder = folder;
    }

    public static GoldenFolder named(String name) {
        String elsewhere = System.getProperty("espalier.golden");
        Path root = elsewhere != null && !elsewhere.isBlank() ? Path.of(elsewhere) : OWN;
        Path folder = root.resolve(name);
        if (!Files.isDirectory(folder))
            throw new IllegalStateException("no golden values in " + folder.toAbsolutePath());
        return new GoldenFolder(folder);
    }

    /** One of the project's own making, which other sets of golden values lack. */
    public static GoldenFolder own(String name) {
        return new GoldenFolder(OWN.resolve(name));
    }

    /** All F32 arrays of a file by name. */
    public Map<String, float[]> floats(String file) {
        Map<String, float[]> arrays = new LinkedHashMap<>();
        try (Safetensors open = Safetensors.open(folder.resolve(file))) {
            for (StoredTensor tensor : open.tensors().values())
                if (tensor.type() == ElementType.F32) arrays.put(tensor.name(), open.floats(tensor.name()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return arrays;
    }

    public Path path(String file) {
        return folder.resolve(file);
    }

    int[] labels() {
        try (Safetensors open = Safetensors.open(folder.resolve("batch.safetensors"))) {
            return open.ints("labels");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public JsonNode expected() {
        try {
            return new ObjectMapper().readTree(folder.resolve("expected.json").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The largest difference in units of what is allowed: at most 1 is agreement. */
    public static double distance(float[] actual, float[] expected) {
        if (actual.length != expected.length)
            throw new IllegalArgumentException(actual.length + " values instead of " + expected.length);
        double worst = 0;
        for (int i = 0; i < actual.length; i++) {
            double distance = Math.abs(actual[i] - expected[i]) / Math.max(ABSOLUTE, RELATIVE * Math.abs(expected[i]));
            worst = Math.max(worst, Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance);
        }
        return worst;
    }
}
