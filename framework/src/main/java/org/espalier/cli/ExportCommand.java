package org.espalier.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.espalier.data.file.ElementType;
import org.espalier.engine.Parameter;
import org.espalier.models.pretrained.PretrainedModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "export",
        description = "Write a language model as a Hugging Face folder; pruned weights are zeros in it.")
final class ExportCommand implements Callable<Integer> {
    /** How weights are stored. */
    enum Type {
        F32(ElementType.F32),
        BF16(ElementType.BF16),
        F16(ElementType.F16);

        private final ElementType element;

        Type(ElementType element) {
            this.element = element;
        }
    }

    @Mixin
    private Output output;

    @Mixin
    private ChosenModel chosen;

    @Option(names = "--to", required = true, paramLabel = "FOLDER", description = "Where to: a new or empty folder.")
    private Path folder;

    @Option(
            names = "--type",
            defaultValue = "f32",
            paramLabel = "TYPE",
            description = "How weights are stored: f32, bf16 or f16.")
    private Type type;

    @Option(names = "--seed", paramLabel = "N", description = "Which of the run's seeds, if it has several.")
    private Long seed;

    @Override
    public Integer call() throws IOException {
        refuseWhatIsThere();
        ChosenModel.Opened model = chosen.open(seed);
        PretrainedModel.save(model.form(), model.model(), model.tokenizer(), type.element, folder);
        boolean cut = Files.exists(folder.resolve("tokenizer.json"));
        if (!cut) output.note("no tokenizer.json: the model's vocabulary is not known in that form");
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("folder", folder.toString());
        result.put(
                "weights",
                model.model().parameters().stream().mapToLong(Parameter::size).sum());
        result.put("tokenizer", cut);
        output.result(result, () -> "exported: " + folder);
        return 0;
    }

    /** Before anything is read: a model may be large. */
    private void refuseWhatIsThere() throws IOException {
        if (!Files.exists(folder)) return;
        if (!Files.isDirectory(folder)) throw new Refusal(folder + " is no folder");
        try (Stream<Path> files = Files.list(folder)) {
            if (files.findAny().isPresent()) throw new Refusal(folder + " is not empty: nothing is overwritten");
        }
    }
}
