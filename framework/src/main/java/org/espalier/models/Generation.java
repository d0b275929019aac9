package org.espalier.models;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Rng;
import org.espalier.engine.Tensor;
import org.espalier.launch.Device;
import org.espalier.launch.Plan;

/**
 * Continues one sequence token by token. Keys and values of earlier tokens are remembered, so that a new one costs one pass over the
 * weights, however long the sequence is. Weights must not change as long as it is used.
 */
public final class Generation {
    private final Device device;
    private final LanguageModel model;
    private final List<KeyValues> memory;
    private final int room;
    private final int[] position = new int[1];
    private final Tensor token;
    private final Tensor place;
    private final Tensor next;
    private final Plan step;

    /** @param room the longest sequence, prompt and continuation together */
    public Generation(Device device, LanguageModel model, int room) {
        this.device = device;
        this.model = model;
        this.room = room;
        memory = model.memory(room);
        Graph g = Graph.forGeneration();
        token = g.input("token", 1, new int[] {1}, Layout.ROWS);
        place = g.input("place", 1, new int[] {1}, Layout.ROWS);
        next = model.step(g, token, memory, position, place);
        step = device.compile(g.launches());
    }

    /**
     * Starts a sequence.
     *
     * @return the logits of the token that follows, valid until the next call
     */
    public float[] begin(int[] prompt) {
        if (prompt.length < 1 || prompt.length > room)
            throw new IllegalArgumentException("a prompt of " + prompt.length + " tokens; there is room for " + room);
        Graph g = Graph.forGeneration();
        Tensor tokens = g.input("tokens", 1, new int[] {prompt.length}, Layout.ROWS);
        for (int i = 0; i < prompt.length; i++) tokens.value()[i] = prompt[i];
        Tensor logits = model.remember(g, tokens, memory);
        Plan plan = device.compile(g.launches());
        plan.wrote(tokens.value());
        plan.run();
        plan.read(logits.value());
        position[0] = prompt.length;
        return logits.value();
    }

    /** Adds one token and gives the logits of the one that follows, valid until the next call. */
    public float[] add(int id) {
        if (position[0] >= room) throw new IllegalStateException("the sequence has reached its " + room + " tokens");
        token.value()[0] = id;
        place.value()[0] = position[0];
        step.wrote(token.value());
        step.wrote(place.value());
        step.wrote(position);
        step.run();
        step.read(next.value());
        position[0]++;
        return next.value();
    }

    /**
     * Continues a prompt.
     *
     * @param most tokens at most
     * @param end a token that ends the text; it is not part of the result
     * @param seed decides what is drawn
     */
    public int[] continuation(int[] prompt, int most, Sampling sampling, OptionalInt end, long seed) {
        int[] made = new int[Math.min(most, room - prompt.length)];
        float[] logits = begin(prompt);
        for (int i = 0; i < made.length; i++) {
            made[i] = sampling.choose(logits, Rng.of(seed, "generation", i));
            if (end.isPresent() && made[i] == end.getAsInt()) return Arrays.copyOf(made, i);
            if (i + 1 < made.length) logits = add(made[i]);
        }
        return made;
    }
}
