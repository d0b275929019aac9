package org.espalier.methods.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.espalier.data.TokenWindows;
import org.espalier.measure.LogLikelihood;
import org.espalier.measure.Measurement;
import org.espalier.measure.Metric;
import org.espalier.models.LanguageModel;
import org.espalier.spec.Default;

/**
 * exp of the mean next-token loss where windows overlap ({@code ppl-stride}): a window of the data's length moves on by
 * {@code stride} tokens, and of each only those tokens are scored that no earlier window had, with all before them as context; where
 * the data's windows begin with a token of their own, these do too. The sum is divided by the number of scored tokens. It is lower than {@link Perplexity}, the more so the shorter the stride, and takes
 * length / stride times as long: the two must not be compared.
 *
 * @param stride tokens from the beginning of one window to that of the next, at most the length of the data's windows; if it equals
 *     it, nothing overlaps
 */
public record StridedPerplexity(@Default("512") int stride) implements Metric {
    public StridedPerplexity {
        if (stride < 1) throw new IllegalArgumentException("stride must be at least 1, got " + stride);
    }

    @Override
    public Map<String, Double> measure(Measurement of) {
        if (!(of.model() instanceof LanguageModel model) || !(of.data() instanceof TokenWindows windows))
            throw new IllegalArgumentException("strided perplexity is measured of language models on windows of text");
        List<LogLikelihood.Request> requests = requests(windows);
        double sum = 0;
        long scored = 0;
        for (LogLikelihood.Answer answer : LogLikelihood.of(of.device(), model, requests)) sum += answer.sum();
        for (LogLikelihood.Request request : requests) scored += request.continuation().length;
        Map<String, Double> found = new LinkedHashMap<>();
        found.put("strided-perplexity", Math.exp(-sum / scored));
        found.put("strided-perplexity.windows", (double) requests.size());
        found.put("strided-perplexity.scored-tokens", (double) scored);
        return found;
    }

    /** Nothing stands before the first token of a window, unless all windows begin with the same token: then it is not scored. */
    private List<LogLikelihood.Request> requests(TokenWindows windows) {
        int[] tokens = windows.sequence();
        int[] beginning = windows.beginning().stream().toArray();
        int own = windows.features() - beginning.length;
        if (stride > own)
            throw new IllegalArgumentException(
                    "a stride of " + stride + " passes over tokens: the windows of " + windows.name() + " have " + own);
        List<LogLikelihood.Request> requests = new ArrayList<>();
        int done = 0;
        for (int begin = 0; done < tokens.length; begin += stride) {
            int end = Math.min(begin + own, tokens.length);
            int first = Math.max(done, begin + 1 - beginning.length);
            if (first < end)
                requests.add(new LogLikelihood.Request(
                        joined(beginning, Arrays.copyOfRange(tokens, begin, first)),
                        Arrays.copyOfRange(tokens, first, end)));
            done = end;
        }
        return requests;
    }

    private static int[] joined(int[] beginning, int[] tokens) {
        return IntStream.concat(IntStream.of(beginning), IntStream.of(tokens)).toArray();
    }

    @Override
    public boolean needsWhole() {
        return true;
    }
}
