package org.espalier.models;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.espalier.data.text.Tokenizer;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Activations;
import org.espalier.engine.ops.Embeddings;
import org.espalier.launch.Device;
import org.espalier.launch.Plan;

/**
 * A network that sees a whole sequence at once and makes vectors of its tokens; their mean stands for the text (Reimers and Gurevych
 * 2019). Sequences of equal length share a batch, so nothing is padded, and no text changes another's vector by more than
 * the rounding of larger products.
 */
public final class Encoder {
    /** Tokens in a batch. */
    private static final int TOKENS = 2048;

    /**
     * What stands before the blocks.
     *
     * @param words (vocabulary, width): one row per token
     * @param positions (context, width)
     * @param types (kinds of sequences, width): the first row is added to every token
     * @param norm of their sum
     */
    public record Frame(Parameter words, Parameter positions, Parameter types, TokenNorm norm) {}

    private final Frame frame;
    private final List<TransformerBlock> blocks;

    public Encoder(Frame frame, List<TransformerBlock> blocks) {
        this.frame = frame;
        this.blocks = List.copyOf(blocks);
    }

    /** The longest sequence it takes. */
    public int context() {
        return frame.positions.rows();
    }

    /** Features of a vector. */
    public int width() {
        return frame.words.columns();
    }

    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>(List.of(frame.words, frame.positions, frame.types));
        all.addAll(frame.norm.parameters());
        for (Block block : blocks) all.addAll(block.parameters());
        return List.copyOf(all);
    }

    /**
     * The vectors of all tokens (sequences · length, width).
     *
     * @param tokens (sequences, length) in rows, of one length at most {@link #context}
     */
    public Tensor hidden(Graph g, Tensor tokens) {
        int length = tokens.features();
        Tensor types = g.input("types", tokens.batch(), new int[] {length}, Layout.ROWS);
        Tensor x = Embeddings.lookup(g, tokens, frame.words, 1f);
        x = Activations.add(g, x, LanguageModel.positions(g, tokens, frame.positions));
        x = frame.norm.forward(g, Activations.add(g, x, Embeddings.lookup(g, types, frame.types, 1f)));
        for (Block block : blocks) x = block.forward(g, x, length);
        return x;
    }

    /**
     * A vector per text: the mean over its tokens, with those that begin and end a text where the vocabulary has them.
     *
     * @param longest so many tokens of a text at most, those two included; the rest of it is not looked at
     * @param unit whether vectors are scaled to length 1
     */
    public float[][] embed(Device device, Tokenizer tokenizer, List<String> texts, int longest, boolean unit) {
        float[][] vectors = embed(
                device,
                texts.stream().map(text -> framed(tokenizer, text, longest)).toList());
        if (unit) for (float[] vector : vectors) normalise(vector);
        return vectors;
    }

    private static int[] framed(Tokenizer tokenizer, String text, int longest) {
        IntStream first = stream(tokenizer.beginning()), last = stream(tokenizer.end());
        int room = longest
                - (tokenizer.beginning().isPresent() ? 1 : 0)
                - (tokenizer.end().isPresent() ? 1 : 0);
        IntStream own = IntStream.of(tokenizer.encode(text)).limit(Math.max(0, room));
        return IntStream.concat(IntStream.concat(first, own), last).toArray();
    }

    private static IntStream stream(OptionalInt id) {
        return id.isPresent() ? IntStream.of(id.getAsInt()) : IntStream.empty();
    }

    private static void normalise(float[] vector) {
        double squares = 0;
        for (float v : vector) squares += (double) v * v;
        float factor = (float) (1 / Math.max(Math.sqrt(squares), 1e-12));
        for (int i = 0; i < vector.length; i++) vector[i] *= factor;
    }

    /** The mean vector of each sequence of tokens. */
    public float[][] embed(Device device, List<int[]> sequences) {
        Map<Integer, List<Integer>> byLength = new TreeMap<>();
        for (int i = 0; i < sequences.size(); i++) {
            int length = sequences.get(i).length;
            if (length < 1 || length > context())
                throw new IllegalArgumentException(
                        "a sequence of " + length + " tokens; the encoder takes 1 to " + context());
            byLength.computeIfAbsent(length, l -> new ArrayList<>()).add(i);
        }
        float[][] means = new float[sequences.size()][];
        byLength.forEach((length, numbers) -> embed(device, sequences, length, numbers, means));
        return means;
    }

    private void embed(Device device, List<int[]> sequences, int length, List<Integer> numbers, float[][] means) {
        int batch = Math.clamp(TOKENS / length, 1, numbers.size());
        Graph g = Graph.forEvaluation();
        Tensor tokens = g.input("tokens", batch, new int[] {length}, Layout.ROWS);
        Tensor hidden = hidden(g, tokens);
        Plan plan = device.compile(g.launches());
        for (int from = 0; from < numbers.size(); from += batch) {
            List<Integer> now = numbers.subList(from, Math.min(from + batch, numbers.size()));
            for (int row = 0; row < now.size(); row++)
                for (int t = 0; t < length; t++)
                    tokens.value()[row * length + t] = sequences.get(now.get(row))[t];
            plan.wrote(tokens.value());
            plan.run();
            plan.read(hidden.value());
            for (int row = 0; row < now.size(); row++) means[now.get(row)] = mean(hidden, row * length, length);
        }
    }

    private static float[] mean(Tensor hidden, int first, int count) {
        int width = hidden.features();
        float[] mean = new float[width];
        for (int f = 0; f < width; f++) {
            double sum = 0;
            for (int t = first; t < first + count; t++) sum += hidden.value()[t * width + f];
            mean[f] = (float) (sum / count);
        }
        return mean;
    }
}
