package org.espalier.data.pretrained;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A folder as peft saves an adapter: {@code adapter_config.json} and {@code adapter_model.safetensors}. */
public final class PeftFolder {
    static final String CONFIG = "adapter_config.json";
    static final String WEIGHTS = "adapter_model.safetensors";

    /** What tensors' names begin with. */
    static final String PREFIX = "base_model.model.";

    private PeftFolder() {}

    /**
     * Reads an adapter. Settings that are not known are passed over, unless they would change what the adapter computes.
     *
     * @throws org.espalier.data.file.FileFormatException if it is of a kind that can't be read, or not whole
     */
    public static PeftAdapter read(Path folder) throws IOException {
        return PeftReader.read(present(folder));
    }

    /** Writes an adapter so that peft loads it; the configuration comes last, so that a folder which has one is whole. */
    public static void write(PeftAdapter adapter, Path folder) throws IOException {
        PeftWriter.write(adapter, folder);
    }

    /** SHA-256, in hexadecimal, of both files. */
    public static String digest(Path folder) throws IOException {
        present(folder);
        return KnownDigests.of(List.of(folder.resolve(CONFIG), folder.resolve(WEIGHTS)));
    }

    private static Path present(Path folder) throws IOException {
        for (String needed : List.of(CONFIG, WEIGHTS))
            if (!Files.isRegularFile(folder.resolve(needed)))
                throw new IOException("no adapter is in " + folder + ": there is no " + needed);
        return folder;
    }
}
