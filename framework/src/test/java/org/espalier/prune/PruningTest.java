package org.espalier.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.espalier.data.Dataset;
import org.espalier.engine.Axis;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Parameter;
import org.espalier.engine.Rng;
import org.espalier.engine.Span;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Activations;
import org.espalier.launch.CpuDevice;
import org.espalier.models.Block;
import org.espalier.models.Init;
import org.espalier.models.Linear;
import org.espalier.models.Model;
import org.espalier.models.zoo.Conv;
import org.espalier.models.zoo.TokenSum;
import org.espalier.spec.Binder;
import org.espalier.spec.Yaml;
import org.junit.jupiter.api.Test;

/** The walk on a network of three blocks, against the same done by plain loops. */
class PruningTest {
    private static final int WIDTH = 24;
    private static final Dataset DATA = new Rows();

    @Test
    void laterBlocksSeeWhatIsLeftOfTheEarlierOnesOrWhatTheyWere() {
        for (Pruning.Order order : Pruning.Order.values()) {
            Stack model = new Stack(), copy = new Stack();
            prune(model, "{ score: wanda, pattern: { unstructured: row }, ratio: 0.5 }", order, 2);
            double[][] dense = inputs(), pruned = inputs();
            for (int b = 0; b < 3; b++) {
                double[][] seen = order == Pruning.Order.DENSE ? dense : pruned;
                float[] weight = copy.layers.get(b).value().clone(), score = new float[weight.length];
                for (int i = 0; i < score.length; i++) {
                    double squares = 0;
                    for (double[] x : seen) squares += x[i % WIDTH] * x[i % WIDTH];
                    score[i] = (float) (Math.abs(weight[i]) * Math.sqrt(squares));
                }
                float[] mask = model.layers.get(b).mask();
                for (int r = 0; r < WIDTH; r++) {
                    float[] row = Arrays.copyOfRange(score, r * WIDTH, (r + 1) * WIDTH);
                    Arrays.sort(row);
                    for (int c = 0; c < WIDTH; c++)
                        assertThat(mask[r * WIDTH + c])
                                .as("%s block %d entry %d %d", order, b, r, c)
                                .isEqualTo(score[r * WIDTH + c] > row[WIDTH / 2 - 1] ? 1f : 0f);
                }
                dense = through(weight, dense);
                pruned = through(model.layers.get(b).value(), pruned);
            }
        }
    }

    @Test
    void givesTheSameBitsOnAnyNumberOfThreads() {
        for (String recipe : List.of(
                "{ score: obs, pattern: { unstructured: columns }, ratio: 0.5, refine: obs-sweep }",
                "{ score: wanda, allocate: { owl: { multiple: 2 } }, pattern: { n-of-m: 8 }, ratio: 0.5, refine: dsnot }",
                "{ score: wanda, allocate: global, ratio: 0.6, refine: [dsnot, least-squares, bias-compensation] }",
                "{ score: gblm, allocate: rmi, pattern: { unstructured: row }, ratio: 0.6 }",
                "{ score: taylor, allocate: ecoflap, ratio: 0.6 }",
                "{ score: random, allocate: { arithmetic: 0.1 }, ratio: 0.6 }")) {
            Stack one = new Stack(), three = new Stack();
            prune(one, recipe, Pruning.Order.SEQUENTIAL, 1);
            prune(three, recipe, Pruning.Order.SEQUENTIAL, 3);
            for (int i = 0; i < one.parameters().size(); i++)
                assertThat(three.parameters().get(i).value())
                        .as(recipe)
                        .isEqualTo(one.parameters().get(i).value());
            long kept = one.layers.stream().mapToLong(Parameter::kept).sum();
            double asked = recipe.contains("0.6") ? 0.4 : 0.5;
            assertThat(kept / (3.0 * WIDTH * WIDTH)).as(recipe).isCloseTo(asked, within(0.02));
        }
    }

    @Test
    void leavesTheDenseNetworkAsItWasWhenAllocationsLookAtIt() {
        Stack model = new Stack(), copy = new Stack();
        prune(model, "{ score: magnitude, allocate: ecoflap, ratio: 0.5 }", Pruning.Order.SEQUENTIAL, 2);
        for (int b = 0; b < 3; b++) {
            float[] before = copy.layers.get(b).value(),
                    after = model.layers.get(b).value();
            for (int i = 0; i < before.length; i++)
                if (model.layers.get(b).survivors().keeps(i))
                    assertThat(after[i]).isEqualTo(before[i]);
        }
    }

    @Test
    void saysThatEarlierBlocksArePrunedAlreadyWhenALaterOneFails() {
        Stack model = new Stack();
        model.poison = true;
        assertThat(catchThrowable(() -> prune(
                        model,
                        "{ score: wanda, pattern: { unstructured: row }, ratio: 0.5 }",
                        Pruning.Order.SEQUENTIAL,
                        2)))
                .isInstanceOf(PruningException.class)
                .hasMessageContaining("of layer2 is NaN")
                .hasMessageContaining("1 block is pruned already");
    }

    @Test
    void isBrokenOffAsItIs() {
        Stack model = new Stack();
        model.poison = true;
        model.instead = new CancellationException("enough");
        assertThat(catchThrowable(() -> prune(
                        model,
                        "{ score: wanda, pattern: { unstructured: row }, ratio: 0.5 }",
                        Pruning.Order.SEQUENTIAL,
                        2)))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void refusesBadWeightsBeforeAnythingChanges() {
        Stack model = new Stack();
        model.layers.get(2).value()[5] = Float.NaN;
        assertThat(catchThrowable(() -> prune(
                        model,
                        "{ score: wanda, pattern: { unstructured: row }, ratio: 0.5 }",
                        Pruning.Order.SEQUENTIAL,
                        2)))
                .hasMessageContaining("weight 5 of layer3 is NaN");
        assertThat(model.layers).allMatch(p -> p.mask() == null);
    }

    @Test
    void whatChoosesComesBeforeWhatChanges() {
        assertThat(catchThrowable(() -> recipe("{ ratio: 0.5, refine: [obs-sweep, dsnot] }")))
                .hasMessageContaining("before what changes");
    }

    @Test
    void whatDoesNotFitTheNetworkIsRefusedBeforeAnythingRuns() {
        assertThat(refusal(new Stack(), "{ ratio: 0.4, pattern: { n-of-m: 5 } }"))
                .hasMessageContaining("layer1 has 24 inputs, which are no whole groups of 5");
        assertThat(refusal(new Stack(), "{ ratio: 0.5, allocate: { arithmetic: 0.6 } }"))
                .hasMessageContaining("beta must be at most 0.5");
        assertThat(refusal(new Stack(), "{ ratio: 0.5, skip: [layer7] }"))
                .hasMessageContaining("no layer is called layer7");
        Model images = new Conv(2, Init.GLOROT_NORMAL).build(new int[] {1, 8, 8}, 4, 1);
        assertThat(refusal(images, "{ ratio: 0.5, score: wanda }")).hasMessageContaining("is a convolution");
        Model unbiased = new TokenSum(2, 8, 4, Init.PYTORCH).build(new int[] {14}, 7, 1);
        assertThat(refusal(unbiased, "{ ratio: 0.5, refine: bias-compensation }"))
                .hasMessageContaining("embedding has no bias");
    }

    private static Throwable refusal(Model model, String recipe) {
        return catchThrowable(() -> new Pruning(null, model, recipe(recipe), 1, "x").check());
    }

    private static Recipe recipe(String text) {
        return Binder.bind(Recipe.class, Yaml.parse(text, "test"));
    }

    private static void prune(Stack model, String recipe, Pruning.Order order, int threads) {
        try (CpuDevice device = new CpuDevice(threads)) {
            new Pruning(device, model, recipe(recipe), 3, "prune")
                    .prune(new Pruning.Calibration(DATA, DATA.size(), order));
        }
    }

    private static double[][] inputs() {
        double[][] x = new double[DATA.size()][WIDTH];
        float[] row = new float[WIDTH];
        for (int i = 0; i < x.length; i++) {
            DATA.copy(i, row, 0);
            for (int c = 0; c < WIDTH; c++) x[i][c] = row[c];
        }
        return x;
    }

    private static double[][] through(float[] weight, double[][] x) {
        double[][] y = new double[x.length][WIDTH];
        for (int i = 0; i < x.length; i++)
            for (int r = 0; r < WIDTH; r++) {
                for (int c = 0; c < WIDTH; c++) y[i][r] += weight[r * WIDTH + c] * x[i][c];
                y[i][r] = Math.max(0, y[i][r]);
            }
        return y;
    }

    /** Rows of normal numbers, in two classes. */
    private static final class Rows implements Dataset {
        @Override
        public String name() {
            return "rows";
        }

        @Override
        public int size() {
            return 40;
        }

        @Override
        public int[] shape() {
            return new int[] {WIDTH};
        }

        @Override
        public int classes() {
            return WIDTH;
        }

        @Override
        public int label(int example) {
            return example % 2;
        }

        @Override
        public void copy(int example, float[] into, int offset) {
            var random = Rng.of(7, "rows", example);
            for (int c = 0; c < WIDTH; c++) into[offset + c] = (float) (Rng.gaussian(random) * (1 + c % 5));
        }

        @Override
        public void copyColumns(int[] ids, int first, int count, float[] into, int offset, int stride) {
            throw new UnsupportedOperationException("these examples lie in rows");
        }

        @Override
        public String digest() {
            return "rows";
        }
    }

    /** Three rectified layers, each a block. */
    private static final class Stack implements Model {
        private final List<Linear> linears = new ArrayList<>();
        private final List<Parameter> layers = new ArrayList<>();
        private boolean poison;

        /** What the poisoned launch ends in once its block is pruned; null where it writes a NaN. */
        private RuntimeException instead;

        Stack() {
            Span in = Span.of(Axis.of("in", WIDTH));
            for (int b = 1; b <= 3; b++) {
                Linear linear = Linear.of("layer" + b, in, WIDTH);
                linear.initialise(Init.GLOROT_NORMAL, 4);
                in = linear.out();
                linears.add(linear);
                layers.add(linear.parameters().getFirst());
            }
        }

        @Override
        public List<Block> blocks() {
            return linears.stream().map(l -> (Block) new Part(l)).toList();
        }

        private final class Part implements Block {
            private final Linear linear;

            Part(Linear linear) {
                this.linear = linear;
            }

            @Override
            public String name() {
                return linear.parameters().getFirst().name();
            }

            @Override
            public Tensor forward(Graph g, Tensor x, int length) {
                Tensor y = Activations.relu(g, linear.forward(g, x));
                if (poison && linear == linears.getFirst()) {
                    float[] value = y.value();
                    g.launch(new org.espalier.launch.Launch(
                            "poison",
                            1,
                            1,
                            (f, c) -> value[0] = poisoned(),
                            (f, c) -> value[0] = poisoned(),
                            null,
                            null));
                }
                return y;
            }

            private float poisoned() {
                if (instead == null) return Float.NaN;
                if (layers.getFirst().density() < 1) throw instead;
                return 0;
            }

            @Override
            public List<Parameter> parameters() {
                return linear.parameters();
            }
        }

        @Override
        public Tensor forward(Graph g, Tensor input) {
            Tensor x = input;
            for (Linear linear : linears) x = Activations.relu(g, linear.forward(g, x));
            return x;
        }

        @Override
        public List<Parameter> parameters() {
            return linears.stream().flatMap(l -> l.parameters().stream()).toList();
        }

        @Override
        public int[] inputShape() {
            return new int[] {WIDTH};
        }

        @Override
        public int classes() {
            return WIDTH;
        }

        @Override
        public Layout layout() {
            return Layout.ROWS;
        }
    }
}
