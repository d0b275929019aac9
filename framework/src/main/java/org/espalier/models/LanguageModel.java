package org.espalier.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.espalier.engine.Axis;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Parameter;
import org.espalier.engine.Span;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Activations;
import org.espalier.engine.ops.Dense;
import org.espalier.engine.ops.Embeddings;
import org.espalier.engine.ops.Layouts;
import org.espalier.engine.ops.Losses;
import org.espalier.engine.ops.Uncertainty;
import org.espalier.launch.LookupBodies;

/**
 * A decoder of tokens: a table, a row of blocks, a norm, and a head that says what the next token is. It takes sequences of any
 * length up to its context, as rows of token numbers.
 */
public final class LanguageModel implements Model {
    /**
     * What stands before and after the blocks.
     *
     * @param table (vocabulary, width): one row per token
     * @param positions (context, width), added to it; absent where positions turn queries and keys
     * @param factor what the table's rows are multiplied by
     * @param norm after the last block
     * @param head (vocabulary, width); the table itself where the two are tied
     * @param context the longest sequence
     */
    public record Frame(
            Parameter table,
            Optional<Parameter> positions,
            double factor,
            TokenNorm norm,
            Parameter head,
            int context) {}

    private final Frame frame;
    private final List<TransformerBlock> blocks;
    private final int length;

    /**
     * @param length tokens of a sequence where nobody says otherwise: what costs are counted with
     */
    public LanguageModel(Frame frame, List<TransformerBlock> blocks, int length) {
        this.frame = frame;
        this.blocks = List.copyOf(blocks);
        this.length = length;
        takes(new int[] {length});
    }

    @Override
    public Tensor enter(Graph g, Tensor tokens) {
        return enter(g, tokens, frame.table);
    }

    private Tensor enter(Graph g, Tensor tokens, Parameter table) {
        Tensor x = Embeddings.lookup(g, tokens, table, (float) frame.factor);
        return frame.positions.isEmpty() ? x : Activations.add(g, x, positions(g, tokens, frame.positions.get()));
    }

    /** Where files hold the table, of which only the rows of the tokens are read: token after token, each has a row of its own. */
    @Override
    public Entrance entrance(Graph g, Tensor tokens) {
        if (!frame.table.backed()) return Model.super.entrance(g, tokens);
        Span own = Span.of(Axis.of("tokens", tokens.size()));
        Parameter rows = Parameter.table(frame.table.name(), own, frame.table.columnSpan());
        Tensor numbers = g.input("numbers", tokens.batch(), tokens.shape(), Layout.ROWS);
        for (int i = 0; i < numbers.size(); i++) numbers.value()[i] = i;
        return new Entrance(
                g, enter(g, numbers, rows), rows.value(), () -> lookUp(frame.table, tokens.value(), rows.value()));
    }

    private static void lookUp(Parameter table, float[] tokens, float[] rows) {
        for (int i = 0; i < tokens.length; i++)
            table.rows(LookupBodies.row(tokens[i], table.rows()), 1, rows, i * table.columns());
    }

    /** For every token the row of its position in its sequence. */
    static Tensor positions(Graph g, Tensor tokens, Parameter table) {
        Tensor numbers = g.input("positions", tokens.batch(), new int[] {tokens.features()}, Layout.ROWS);
        for (int i = 0; i < numbers.size(); i++) numbers.value()[i] = i % tokens.features();
        return Embeddings.lookup(g, numbers, table, 1f);
    }

    @Override
    public List<Block> blocks() {
        return List.copyOf(blocks);
    }

    /** What the head sees of a sequence: (sequences · length, width). */
    public Tensor hidden(Graph g, Tensor tokens) {
        Tensor x = enter(g, tokens);
        for (Block block : blocks) x = g.recomputed(x, in -> block.forward(g, in, tokens.features()));
        return normed(g, x);
    }

    /** Logits (1, vocabulary) of the token that follows one sequence, whose keys and values are kept. */
    Tensor remember(Graph g, Tensor tokens, List<KeyValues> memory) {
        Tensor x = enter(g, tokens);
        for (int i = 0; i < blocks.size(); i++) x = blocks.get(i).remember(g, x, memory.get(i));
        return Dense.linear(g, frame.norm.forward(g, Layouts.lastRow(g, x)), frame.head, null);
    }

    /**
     * Logits (1, vocabulary) of the token that follows one more token.
     *
     * @param token (1, 1): its number
     * @param position one element, read at every run: how many tokens are remembered already
     * @param place (1, 1): the same as a number for a table of positions
     */
    Tensor step(Graph g, Tensor token, List<KeyValues> memory, int[] position, Tensor place) {
        Tensor x = Embeddings.lookup(g, token, frame.table, (float) frame.factor);
        if (frame.positions.isPresent())
            x = Activations.add(g, x, Embeddings.lookup(g, place, frame.positions.get(), 1f));
        for (int i = 0; i < blocks.size(); i++) x = blocks.get(i).step(g, x, memory.get(i), position);
        return Dense.linear(g, frame.norm.forward(g, x), frame.head, null);
    }

    /** Room to remember a sequence of so many tokens. */
    List<KeyValues> memory(int tokens) {
        if (tokens > frame.context)
            throw new IllegalArgumentException(
                    "the network takes sequences of up to " + frame.context + " tokens, not " + tokens);
        return blocks.stream().map(b -> b.memory(tokens)).toList();
    }

    /** The longest sequence it takes. */
    public int context() {
        return frame.context;
    }

    @Override
    public Tensor forward(Graph g, Tensor tokens) {
        return Dense.linear(g, hidden(g, tokens), frame.head, null);
    }

    @Override
    public Losses.Loss loss(Graph g, Tensor tokens, int[] labels, float[] weights) {
        return Losses.tokenCrossEntropy(g, hidden(g, tokens), frame.head, labels, weights);
    }

    /** How surprised and how unsure the network is at each token. */
    public Uncertainty uncertainty(Graph g, Tensor tokens, int[] labels) {
        return Uncertainty.of(g, hidden(g, tokens), frame.head, labels);
    }

    /** The loss of what the last block gives: for walks that go block by block. */
    public Losses.Loss leave(Graph g, Tensor x, int[] labels, float[] weights) {
        return Losses.tokenCrossEntropy(g, normed(g, x), frame.head, labels, weights);
    }

    /** What the head sees of what the last block gives. */
    public Tensor normed(Graph g, Tensor x) {
        return frame.norm.forward(g, x);
    }

    /** (vocabulary, width): what {@link #normed} gives times its transpose are the logits. */
    public Parameter head() {
        return frame.head;
    }

    @Override
    public int[] takes(int[] example) {
        if (example.length != 1 || example[0] < 1 || example[0] > frame.context)
            throw new IllegalArgumentException("the network takes sequences of up to " + frame.context
                    + " tokens, the data has examples of " + Arrays.toString(example));
        return example.clone();
    }

    /** Counts one sequence; nothing is traced, so that weights need not be in memory. */
    @Override
    public void products(Use use) {
        for (Block block : blocks) for (Parameter weight : block.weights()) use.product(weight, length);
        use.product(frame.head, length);
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>();
        all.add(frame.table);
        frame.positions.ifPresent(all::add);
        for (Block block : blocks) all.addAll(block.parameters());
        all.addAll(frame.norm.parameters());
        if (frame.head != frame.table) all.add(frame.head);
        return List.copyOf(all);
    }

    /** The same network with all weights drawn anew. */
    public LanguageModel initialised(Init init, long seed) {
        init.weight(frame.table, seed);
        frame.positions.ifPresent(p -> init.weight(p, seed));
        for (TransformerBlock block : blocks) block.initialise(init, seed);
        frame.norm.initialise(init, seed);
        if (frame.head != frame.table) init.weight(frame.head, seed);
        return this;
    }

    @Override
    public int[] inputShape() {
        return new int[] {length};
    }

    @Override
    public int classes() {
        return frame.table.rows();
    }

    @Override
    public Layout layout() {
        return Layout.ROWS;
    }
}
