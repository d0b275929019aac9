package org.espalier.experiment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.espalier.data.text.BytePairs;
import org.espalier.data.text.JsonTokenizer;
import org.espalier.data.text.PieceTokenizer;
import org.espalier.data.text.Tokenizer;

/**
 * The tokenizer of a program's text: that of the spec it starts from, of its model's files, or one made for it. It is found when the
 * first text asks for it, and kept with the run, from where specs that start from this one take it.
 */
final class RunTokenizer implements Supplier<Tokenizer> {
    private static final String FILE = "tokenizer.json";

    private final Program program;
    private final Path reports;
    private Tokenizer known;

    RunTokenizer(Program program, Path reports) {
        this.program = program;
        this.reports = reports;
    }

    @Override
    public synchronized Tokenizer get() {
        try {
            if (known == null) known = find();
            return known;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes it beside the run's models, if anybody asked for it and its form allows. */
    void keep(RunFolder folder) throws IOException {
        if (known == null || known instanceof PieceTokenizer) return; // that is large, and comes with the model
        Optional<Tokenizer.Json> json = known.json();
        if (json.isPresent()) folder.write("model/" + FILE, json.get().text());
    }

    private Tokenizer find() throws IOException {
        Optional<Tokenizer> present = present();
        if (present.isPresent()) return present.get();
        if (program.origin().isPresent())
            return new RunTokenizer(program.origin().get(), reports).get();
        Optional<TrainedTokenizer> made = program.experiment().tokenizer();
        if (made.isEmpty())
            throw new IOException(
                    "data: text has to be cut into tokens, and neither the model brings a tokenizer nor does the"
                            + " spec have one made, by tokenizer: { size: 4096, of: … }");
        return made.get().train(program.places().datasets());
    }

    /** The tokenizer, if none has to be made. Files of a model say more of theirs than the copy that is kept with the run. */
    Optional<Tokenizer> present() throws IOException {
        Optional<Tokenizer> found = program.origin().isPresent()
                ? new RunTokenizer(program.origin().get(), reports).present()
                : program.zoo().tokenizer(program.places());
        Path kept = RunFolder.of(reports, program).path().resolve("model").resolve(FILE);
        return found.isEmpty() && Files.exists(kept) ? Optional.of(read(kept)) : found;
    }

    private static Tokenizer read(Path file) throws IOException {
        OptionalInt beginning = JsonTokenizer.special(file, BytePairs.BEGINNING);
        return JsonTokenizer.read(file, beginning, JsonTokenizer.special(file, BytePairs.END));
    }
}
