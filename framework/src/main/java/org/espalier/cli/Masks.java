package org.espalier.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.espalier.data.file.Safetensors;

/** The masks in a model file, by the parameter they belong to: true is kept. */
record Masks(Path file, Map<String, boolean[]> byParameter) {
    private static final String PREFIX = "mask/";

    /** @param named a safetensors file, or a run that holds one model */
    static Masks read(String named) throws IOException {
        Path file = Files.isRegularFile(Path.of(named)) ? Path.of(named) : onlyModel(Home.run(named));
        Map<String, boolean[]> masks = new LinkedHashMap<>();
        try (Safetensors tensors = Safetensors.open(file)) {
            for (String name : tensors.tensors().keySet())
                if (name.startsWith(PREFIX)) masks.put(name.substring(PREFIX.length()), tensors.mask(name));
        }
        if (masks.isEmpty()) throw new IOException(file + " holds no masks: nothing in it was pruned");
        return new Masks(file, masks);
    }

    private static Path onlyModel(Path run) throws IOException {
        Path folder = run.resolve("model");
        if (!Files.isDirectory(folder)) throw new Refusal(run + " holds no model yet: the run is not finished");
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> models = files.filter(file -> file.toString().endsWith(".safetensors"))
                    .sorted()
                    .toList();
            if (models.size() != 1)
                throw new Refusal(folder + " holds " + models.size() + " models; name one of them: " + models);
            return models.getFirst();
        }
    }

    static int kept(boolean[] mask) {
        int kept = 0;
        for (boolean keep : mask) if (keep) kept++;
        return kept;
    }
}
