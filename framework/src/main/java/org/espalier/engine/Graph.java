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
    }

    private final boolean training;
    private final boolean compressing;
    private final boolean packing;
    private final List<Launch> launches = new ArrayList<>();
    private final Deque<Runnable> tape = new ArrayDeque<>();
    private final Set<Object> written = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<Tensor, Tensor> relaid = new IdentityHashMap<>();
    private final Map<Object, Object> shared = new HashMap<>();
    private final Map<String, Integer> names = new HashMap<>();
    private final List<Observer> observers = new ArrayList<>();

    private Graph(boolean training, boolean compressing, boolean packing) {
        this.training = training;
        this.compressing = compressing;
        this.packing = packing;
    }

    /** A graph whose gradients will be asked for; batch norm uses the batch's own statistics. */
    public static Graph forTraining() {
        return new Graph(true, true, false);
    }

    /** A graph for predictions. */
    public static Graph forEvaluation() {
        return new Graph(false, true, false);
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
                name, batch, shape, layout, Span.of(Axis.of(name, shape[0]).pin()), false);
    }

    /** A tensor of a new shape, made from others. */
    public Tensor tensor(String name, int batch, int[] shape, Layout layout, Span span) {
        int number = names.merge(name, 1, Integer::sum);
        return new Tensor(number == 1 ? name : name + "." + number, batch, shape, layout, span, training);
    }

    /** A tensor of the shape, layout and axes of {@code x}. */
    public Tensor like(String name, Tensor x) {
        return tensor(name, x.batch(), x.shape(), x.layout(), x.span());
    }

    public void launch(Launch launch) {
        launches.add(launch);
    }

    /** Has {@code closure} append gradient launches when the graph is differentiated, after those of all later ops. */
    public void backward(Runnable closure) {
        if (training) tape.push(closure);
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

    public List<Launch> launches() {
        return List.copyOf(launches);
    }
}
