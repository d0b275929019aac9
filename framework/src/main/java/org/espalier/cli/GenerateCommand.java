package org.espalier.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.espalier.data.text.Tokenizer;
import org.espalier.launch.Device;
import org.espalier.models.Generation;
import org.espalier.models.LanguageModel;
import org.espalier.models.Sampling;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "generate", description = "Let a language model continue a text.")
final class GenerateCommand implements Callable<Integer> {
    @Mixin
    private Output output;

    @Mixin
    private ChosenModel chosen;

    @Mixin
    private ChosenDevice chosenDevice;

    @Option(names = "--prompt", required = true, paramLabel = "TEXT", description = "What is to be continued.")
    private String prompt;

    @Option(
            names = "--tokens",
            defaultValue = "64",
            paramLabel = "N",
            description = "How many at most (default: 64); the token that ends a text ends it earlier.")
    private int tokens;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "0 takes the most probable token, larger ones draw (default: 0; 1 with --top-k or --top-p).")
    private Double temperature;

    @Option(names = "--top-k", paramLabel = "K", description = "Draw from the K most probable tokens only.")
    private Integer topK;

    @Option(names = "--top-p", paramLabel = "P", description = "Draw from the most probable that reach P together.")
    private Double topP;

    @Option(names = "--seed", defaultValue = "0", paramLabel = "N", description = "Decides what is drawn (default: 0).")
    private long seed;

    @Option(names = "--model-seed", paramLabel = "N", description = "Which of the run's seeds, if it has several.")
    private Long modelSeed;

    @Override
    public Integer call() throws IOException {
        Sampling sampling = sampling();
        if (tokens < 1) throw new Refusal("--tokens must be at least 1, got " + tokens);
        ChosenModel.Opened opened = chosen.open(modelSeed);
        LanguageModel model = opened.model();
        Tokenizer tokenizer = opened.tokenizer()
                .orElseThrow(() -> new Refusal("this model has no tokenizer, so it can't be given a text"));
        int[] begun = begun(tokenizer, model);
        try (Device device = chosenDevice.open()) {
            int room = Math.min(model.context(), begun.length + tokens);
            Generation generation = new Generation(device, model, room);
            long start = System.nanoTime();
            int[] made = generation.continuation(begun, tokens, sampling, tokenizer.end(), seed);
            tell(text(tokenizer, begun, made), made.length, (System.nanoTime() - start) / 1e9);
            if (made.length == room - begun.length && made.length < tokens)
                output.note("the model takes no more than " + model.context() + " tokens");
        }
        return 0;
    }

    private Sampling sampling() {
        double usual = topK == null && topP == null ? 0 : 1;
        try {
            return new Sampling(
                    temperature == null ? usual : temperature, topK == null ? 0 : topK, topP == null ? 1 : topP);
        } catch (IllegalArgumentException e) {
            throw new Refusal(e.getMessage());
        }
    }

    /** The prompt's tokens behind the one that begins a text. */
    private int[] begun(Tokenizer tokenizer, LanguageModel model) {
        OptionalInt beginning = tokenizer.beginning();
        IntStream first = beginning.isPresent() ? IntStream.of(beginning.getAsInt()) : IntStream.empty();
        int[] ids =
                IntStream.concat(first, IntStream.of(tokenizer.encode(prompt))).toArray();
        if (ids.length == 0) throw new Refusal("the prompt is empty, and this model has no token that begins a text");
        if (ids.length >= model.context())
            throw new Refusal("the prompt has " + ids.length + " tokens; with what follows it there is room for "
                    + model.context());
        return ids;
    }

    /** What follows the prompt in the text of both: alone, some vocabularies would lose its first space. */
    private static String text(Tokenizer tokenizer, int[] begun, int[] made) {
        String before = tokenizer.decode(begun);
        String whole = tokenizer.decode(
                IntStream.concat(IntStream.of(begun), IntStream.of(made)).toArray());
        return whole.startsWith(before) ? whole.substring(before.length()) : tokenizer.decode(made);
    }

    private void tell(String text, int made, double seconds) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("text", text);
        result.put("tokens", made);
        result.put("seconds", seconds);
        output.result(result, () -> text);
        output.note(String.format(
                Locale.ROOT,
                "%d tokens in %.2f s: %.1f tokens/s, reading the prompt included",
                made,
                seconds,
                made / seconds));
    }
}
