package org.espalier.models.pretrained;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.espalier.data.file.DurableFile;
import org.espalier.data.file.ElementType;
import org.espalier.data.pretrained.Checkpoint;
import org.espalier.engine.Parameter;
import org.espalier.models.Decoder;
import org.espalier.models.Model;

/**
 * A language model whose weights stay on the disk: {@link org.espalier.prune.Pruning} holds one block of it at a time, so that it may
 * be larger than memory is. Changed weights go to a folder of their own, which takes as much room as all weights as 32-bit floats;
 * only masks stay in memory, a bit per weight. Whoever asks for a parameter's values has them in memory until they are released.
 */
public final class StreamedModel implements AutoCloseable {
    private final Checkpoint file;
    private final Decoder form;
    private final Model model;
    private final Path aside;

    private StreamedModel(Checkpoint file, Decoder form, Model model, Path aside) {
        this.file = file;
        this.form = form;
        this.model = model;
        this.aside = aside;
    }

    /**
     * Opens a model without reading its weights.
     *
     * @param fileOrFolder as for {@link Checkpoint#open}
     * @param beside an existing folder, in which changed weights are put aside until this is closed
     * @param length tokens of a sequence of the data
     */
    public static StreamedModel open(Path fileOrFolder, Path beside, int length) throws IOException {
        Checkpoint file = Checkpoint.open(fileOrFolder);
        try {
            Decoder form = PretrainedModel.form(file.config());
            Model model = PretrainedModel.outline(file, length);
            Path aside = DurableFile.temporaryFolder(beside);
            List<Parameter> parameters = model.parameters();
            Storage storage = Storage.of(file);
            for (int i = 0; i < parameters.size(); i++)
                parameters.get(i).back(new Spill(file, storage, parameters.get(i), aside.resolve(i + ".floats")));
            return new StreamedModel(file, form, model, aside);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    public Model model() {
        return model;
    }

    /**
     * Writes the model as a Hugging Face folder, tensor by tensor; pruned weights are zeros.
     *
     * @param folder another one than the model was opened from
     * @param type F32, F16 or BF16
     */
    public void write(Path folder, ElementType type) throws IOException {
        PretrainedModel.save(form, model, file.tokenizer(), type, folder);
    }

    /** Closes the files and removes what was put aside: weights must not be asked for any more. */
    @Override
    public void close() throws IOException {
        file.close();
        if (Files.exists(aside)) DurableFile.deleteTree(aside);
    }
}
