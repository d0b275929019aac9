package org.espalier.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.espalier.data.text.Tokenizer;
import org.espalier.experiment.FinishedRun;
import org.espalier.experiment.Program;
import org.espalier.models.Decoder;
import org.espalier.models.LanguageModel;
import org.espalier.models.Zoo;
import org.espalier.models.zoo.Pretrained;
import picocli.CommandLine.Parameters;

/** Which language model the user means: that of a finished run, or one from files. */
final class ChosenModel {
    private static final String PRETRAINED = "pretrained:";

    @Parameters(
            index = "0",
            paramLabel = "RUN|pretrained:NAME",
            description = "A run's folder, its name/key in reports/runs, or a model: a dataset's name, or a path.")
    private String named;

    /** Its form, its weights, and its vocabulary where it has one. */
    record Opened(Decoder form, LanguageModel model, Optional<Tokenizer> tokenizer) {}

    /** @param seed which of the run's seeds; null where it has only one */
    Opened open(Long seed) throws IOException {
        return named.startsWith(PRETRAINED) ? pretrained(named.substring(PRETRAINED.length())) : run(seed);
    }

    private static Opened pretrained(String name) throws IOException {
        Pretrained zoo = new Pretrained(name);
        Zoo.Places places = Home.places(Path.of(""));
        Decoder form = zoo.decoder(places).orElseThrow();
        return new Opened(form, (LanguageModel) zoo.open(places, new int[] {1}, 0, 0), zoo.tokenizer(places));
    }

    private Opened run(Long seed) throws IOException {
        Path folder = Home.run(named);
        Program program = Home.program(folder);
        FinishedRun run = new FinishedRun(program, folder.resolve("../../..").normalize());
        Decoder form =
                run.decoder().orElseThrow(() -> new Refusal(named + ": the network of this run is no language model"));
        return new Opened(form, (LanguageModel) run.model(chosen(seed, program)), run.tokenizer());
    }

    private long chosen(Long seed, Program program) {
        List<Long> seeds = program.experiment().seeds();
        if (seed == null && seeds.size() == 1) return seeds.getFirst();
        if (seed == null || !seeds.contains(seed))
            throw new Refusal(
                    named + " has the seeds " + seeds + (seed == null ? ": name one of them" : ", not " + seed));
        return seed;
    }
}
