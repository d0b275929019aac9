package org.espalier.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.espalier.data.Dataset;
import org.espalier.data.file.Safetensors;
import org.espalier.data.pretrained.Checkpoint;
import org.espalier.data.text.Tokenizer;
import org.espalier.models.Decoder;
import org.espalier.models.Model;
import org.espalier.models.pretrained.PretrainedModel;

/**
 * What a run ended with.
 *
 * @param program what it ran
 * @param reports the folder that holds it
 */
public record FinishedRun(Program program, Path reports) {
    /** Which language model it is, if it is one. */
    public Optional<Decoder> decoder() throws IOException {
        return program.zoo().decoder(program.places());
    }

    /**
     * The network as a seed ended with it; pruned weights are zero.
     *
     * @throws IOException if this seed has not come to its end
     */
    public Model model(long seed) throws IOException {
        RunFolder folder = RunFolder.of(reports, program);
        if (!Files.isRegularFile(folder.model(seed)))
            throw new IOException(
                    "there is no " + folder.model(seed) + ": this seed is not finished, or was never run");
        Dataset.Shape shape =
                program.experiment().data().values().iterator().next().form();
        Model model = program.zoo().outline(program.places(), shape.dimensions(), shape.classes());
        load(folder, seed, model);
        return model;
    }

    /** Gives a network of the run's form the weights and masks that a seed ended with. */
    static void load(RunFolder folder, long seed, Model model) throws IOException {
        try (Safetensors arrays = Safetensors.open(folder.model(seed))) {
            if (!Files.isDirectory(folder.weights(seed))) {
                State.loadModel(model, arrays);
                return;
            }
            try (Checkpoint files = Checkpoint.open(folder.weights(seed))) {
                PretrainedModel.read(model, files);
            }
            State.loadMasks(model, arrays);
        }
    }

    /** The vocabulary of the text it was made with, if there was any. */
    public Optional<Tokenizer> tokenizer() throws IOException {
        return new RunTokenizer(program, reports).present();
    }
}
