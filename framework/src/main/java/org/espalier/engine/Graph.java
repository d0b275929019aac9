package org.espalier.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.espalier.launch.Launch;

/**
 * A network in the making: ops append launches and push closures that will append the launches of their gradients.
 * That is the whole of automatic differentiation; nothing is interpreted when the launches are replayed.
 */
public final class Graph {
    /** Sees every product of an activation with a weight as it is traced. */
    @FunctionalInterface
    public interface Observer {
        /**
         * @param positions how often each entry of the weight is used per example: 1 in a linear layer, the number of
         *     output pixels in a convolution
         */
        void product(Graph graph, Parameter weight, Tensor input, long positions);

        /**
         * Sees a fully connected layer once it is traced; in training, the output's gradient is there after a replay.
         *
         * @param bias null where there is none
         */
        default void connected(Parameter weight, Parameter bias, Tensor input, Tensor output) {}
    }

    /** Where activations and their gradients get their arrays. */
    @FunctionalInterface
    public interface Memory {
        /** An array of {@code size} numbers, which may hold anything: every op writes before anybody reads. */
        float[] array(int size);
    }

    private final boolean training;
    private final boolean compressing;
    private final boolean packing;
    private final boolean recomputing;
    private final Memory memory;
    private final List<Launch> launches = new ArrayList<>();
    private final Deque<Runnable> tape = new ArrayDeque<>();
    private final Set<Object> written = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<Tensor, Tensor> relaid = new IdentityHashMap<>();
    private final Map<Object, Object> shared = new HashMap<>();
    private final Map<String, Integer> names = new HashMap<>();
    private final List<Observer> observers = new ArrayList<>();

    private Graph(boolean training, boolean compressing, boolean packing) {
        this(training, compressing, packing, false, size -> new float[size]);
    }

    private Graph(boolean training, boolean compressing, boolean packing, boolean recomputing, Memory memory) {
        this.training = training;
        this.compressing = compressing;
        this.packing = packing;
        this.recomputing = recomputing;
        this.memory = memory;
    }

    /** A graph whose gradients will be asked for; batch norm uses the batch's own statistics. */
    public static Graph forTraining() {
        return new Graph(true, true, false);
    }

    /**
     * The same with activations in arrays of the caller's choice, which may be shared by those that are not needed at one time.
     *
     * @param recomputing whether blocks forget their activations and compute them again when gradients are asked for
     */
    public static Graph forTraining(Memory memory, boolean recomputing) {
        return new Graph(true, true, false, recomputing, memory);
    }

    /** A graph for predictions. */
    public static Graph forEvaluation() {
        return new Graph(false, true, false);
    }

    /** The same with activations in arrays of the caller's choice. */
    public static Graph forEvaluation(Memory memory) {
        return new Graph(false, true, false, false, memory);
    }

    /** A graph for predictions, one example at a time, with weights that will not change any more: sparse ones may be copied packed. */
    public static Graph forGeneration() {
        return new Graph(false, true, true);
    }

    /** A graph for predictions that multiplies sparse weights as dense ones, so that masks may change between two replays. */
    public static Graph forCalibration() {
        return new Graph(false, false, false);
    }

    /** A graph whose gradients cover pruned weights too: sparse weights are multiplied as dense ones. */
    public static Graph forEvidence() {
        return new Graph(true, false, false);
    }

    public boolean training() {
        return training;
    }

    /** Whether sparse weights may be multiplied in compressed form. */
    public boolean compressing() {
        return compressing;
    }

    /** Whether copies of weights as they are may be multiplied. */
    public boolean packing() {
        return packing;
    }

    /** What goes into the network. Its axis is pinned: inputs are not pruned. */
    public Tensor input(String name, int batch, int[] shape, Layout layout) {
        return new Tensor(
                name, batch, shape, layout, Span.of(Axis.of(name, shape[0]).pin()), false, size -> new float[size]);
    }

    /** A tensor of a new shape, made from others, through which gradients flow in a graph for training. */
    public Tensor tensor(String name, int batch, int[] shape, Layout layout, Span span) {
        return tensor(name, batch, shape, layout, span, true);
    }

    /** @param differentiable whether it depends on anything that is trained; outside of training nothing does */
    public Tensor tensor(String name, int batch, int[] shape, Layout layout, Span span, boolean differentiable) {
        int number = names.merge(name, 1, Integer::sum);
        return new Tensor(
                number == 1 ? name : name + "." + number,
                batch,
                shape,
                layout,
                span,
                training && differentiable,
                memory);
    }

    /** A tensor of the shape, layout and axes of {@code x}, which depends on {@code x} alone. */
    public Tensor like(String name, Tensor x) {
        return like(name, x, x.differentiable());
    }

    /** @param differentiable whether it depends on anything that is trained */
    public Tensor like(String name, Tensor x, boolean differentiable) {
        return tensor(name, x.batch(), x.shape(), x.layout(), x.span(), differentiable);
    }

    /**
     * A tensor that takes the place of {@code x}, which nothing else may use: launches add to the array where it lies, and what is
     * the gradient of the sum is that of {@code x} too.
     *
     * @param differentiable whether what is added depends on anything that is trained
     */
    public Tensor onto(String name, Tensor x, boolean differentiable) {
        int number = names.merge(name, 1, Integer::sum);
        return x.successor(number == 1 ? name : name + "." + number, x.differentiable() || training && differentiable);
    }

    /** An array for what an op keeps to itself between its launches, such as moments. */
    public float[] scratch(int size) {
        return memory.array(size);
    }

    public void launch(Launch launch) {
        launches.add(launch);
    }

    /** Has {@code closure} append gradient launches when the graph is differentiated, after those of all later ops. */
    public void backward(Runnable closure) {
        if (training) tape.push(closure);
    }

    /** The same for an op whose result is {@code y}: nothing where nothing that is trained stands before it. */
    public void backward(Tensor y, Runnable closure) {
        if (y.differentiable()) backward(closure);
    }

    /**
     * Traces {@code body}, whose activations need not outlive its forward pass if this graph recomputes: its backward pass traces it
     * again first ("Training Deep Nets with Sublinear Memory Cost", Chen et al. 2016). The same numbers come out, bit for bit.
     */
    public Tensor recomputed(Tensor x, UnaryOperator<Tensor> body) {
        if (!training || !recomputing) return body.apply(x);
        int mark = tape.size();
        Tensor y = afresh(x, body);
        while (tape.size() > mark) tape.pop();
        backward(y, () -> {
            int below = tape.size();
            Tensor again = afresh(x, body);
            again.sharesGradient(y);
            while (tape.size() > below) tape.pop().run();
        });
        return y;
    }

    /** Other layouts of tensors made meanwhile are forgotten: their gradients belong to this trace of the body alone. */
    private Tensor afresh(Tensor x, UnaryOperator<Tensor> body) {
        Map<Tensor, Tensor> before = new IdentityHashMap<>(relaid);
        relaid.clear();
        Tensor y = body.apply(x);
        relaid.clear();
        relaid.putAll(before);
        return y;
    }

    /**
     * Whether a gradient array was written before by this backward pass: the launch about to be appended then has to add
     * to it (1) rather than to overwrite it (0).
     */
    public int keep(Object gradientOwner) {
        return written.add(gradientOwner) ? 0 : 1;
    }

    /** Appends the launches of all gradients. The loss terms themselves start with a factor of one. */
    public void differentiate() {
        if (!training) throw new IllegalStateException("a graph for evaluation has no gradients");
        while (!tape.isEmpty()) tape.pop().run();
    }

    /** The form of {@code x} in another layout, made once and remembered. */
    public Tensor remembered(Tensor x, java.util.function.Supplier<Tensor> make) {
        Tensor known = relaid.get(x);
        if (known == null) relaid.put(x, known = make.get());
        return known;
    }

    /** What several ops of this graph use and do not change, such as a table of angles: made for the first that asks. */
    @SuppressWarnings("unchecked")
    public <T> T shared(Object key, java.util.function.Supplier<T> make) {
        return (T) shared.computeIfAbsent(key, _ -> make.get());
    }

    public void observe(Observer observer) {
        observers.add(observer);
    }

    /** Called by ops that multiply by a weight. */
    public void observed(Parameter weight, Tensor input, long positions) {
        for (Observer observer : observers) observer.product(this, weight, input, positions);
    }

    /** Called by ops that are fully connected layers, when they have traced one. */
    public void connected(Parameter weight, Parameter bias, Tensor input, Tensor output) {
        for (Observer observer : observers) observer.connected(weight, bias, input, output);
    }

    public List<Launch> launches() {
        return List.copyOf(launches);
    }
}
