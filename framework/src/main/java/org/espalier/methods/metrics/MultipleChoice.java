package org.espalier.methods.metrics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.ToDoubleBiFunction;
import org.espalier.data.text.Tokenizer;
import org.espalier.measure.ChoiceTask;
import org.espalier.measure.LogLikelihood;
import org.espalier.measure.Measurement;
import org.espalier.measure.Metric;
import org.espalier.models.LanguageModel;
import org.espalier.spec.Default;

/**
 * Multiple choice by log-likelihood, with the conventions of the lm-evaluation-harness ({@code lm-eval-mc}): the share of questions
 * whose right choice is the most probable one ({@code acc}), the same per character ({@code acc-norm}) and per byte ({@code acc-bytes})
 * of the choice, each with its standard error. Of equal choices the first counts.
 *
 * @param task the task's YAML file, relative to the spec; its name begins the names of the numbers
 * @param first only so many questions from the beginning; 0 for all
 */
public record MultipleChoice(String task, @Default("0") int first) implements Metric {
    private record Scored(ChoiceTask.Item item, double[] sums) {}

    @Override
    public Map<String, Double> measure(Measurement of) {
        if (!(of.model() instanceof LanguageModel model))
            throw new IllegalArgumentException("multiple choice by log-likelihood needs a language model");
        Path file = of.texts().specs().resolve(task);
        ChoiceTask read = ChoiceTask.read(file);
        List<Scored> scored = scored(items(read, file), read.delimiter(), of, model);
        String name = file.getFileName().toString().replaceFirst("\\.ya?ml$", "");
        Map<String, Double> found = new LinkedHashMap<>();
        share(found, name + ".acc", scored, (s, choice) -> 1);
        share(found, name + ".acc-norm", scored, (s, choice) -> choice.codePointCount(0, choice.length()));
        share(found, name + ".acc-bytes", scored, (s, choice) -> choice.getBytes(StandardCharsets.UTF_8).length);
        found.put(name + ".questions", (double) scored.size());
        return found;
    }

    private List<ChoiceTask.Item> items(ChoiceTask read, Path file) {
        try {
            List<ChoiceTask.Item> all = read.items(file.toAbsolutePath().getParent());
            return first == 0 ? all : all.subList(0, Math.min(first, all.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Scored> scored(
            List<ChoiceTask.Item> items, String delimiter, Measurement of, LanguageModel model) {
        Tokenizer tokenizer = of.texts().tokenizer().get();
        List<LogLikelihood.Request> requests = new ArrayList<>();
        for (ChoiceTask.Item item : items)
            for (String choice : item.choices()) requests.add(request(tokenizer, item.context(), delimiter + choice));
        List<LogLikelihood.Answer> answers = LogLikelihood.of(of.device(), model, requests);
        List<Scored> scored = new ArrayList<>();
        int at = 0;
        for (ChoiceTask.Item item : items) {
            double[] sums = new double[item.choices().size()];
            for (int i = 0; i < sums.length; i++) sums[i] = answers.get(at++).sum();
            scored.add(new Scored(item, sums));
        }
        return scored;
    }

    /**
     * Spaces at the context's end belong to the continuation; both are cut into tokens together, and as many tokens as the context
     * alone has are the context.
     */
    static LogLikelihood.Request request(Tokenizer tokenizer, String context, String continuation) {
        String shorter = context.stripTrailing();
        String whole = shorter + context.substring(shorter.length()) + continuation;
        int[] all = begun(tokenizer, tokenizer.encode(whole));
        int length = begun(tokenizer, tokenizer.encode(shorter)).length;
        if (length == 0)
            throw new IllegalArgumentException("an empty context needs a tokenizer with a beginning token");
        length = Math.min(length, all.length - 1);
        return new LogLikelihood.Request(Arrays.copyOf(all, length), Arrays.copyOfRange(all, length, all.length));
    }

    private static int[] begun(Tokenizer tokenizer, int[] ids) {
        OptionalInt beginning = tokenizer.beginning();
        if (beginning.isEmpty()) return ids;
        int[] begun = new int[ids.length + 1];
        begun[0] = beginning.getAsInt();
        System.arraycopy(ids, 0, begun, 1, ids.length);
        return begun;
    }

    private static void share(
            Map<String, Double> found, String name, List<Scored> scored, ToDoubleBiFunction<Scored, String> length) {
        int right = 0;
        for (Scored s : scored) {
            int best = 0;
            for (int i = 1; i < s.sums.length; i++)
                if (s.sums[i] / length.applyAsDouble(s, s.item.choices().get(i))
                        > s.sums[best]
                                / length.applyAsDouble(s, s.item.choices().get(best))) best = i;
            if (best == s.item.answer()) right++;
        }
        double n = scored.size();
        double share = right / n;
        found.put(name, share);
        found.put(name + "-error", n < 2 ? Double.NaN : Math.sqrt(share * (1 - share) / (n - 1)));
    }

    @Override
    public boolean needsWhole() {
        return true;
    }
}
