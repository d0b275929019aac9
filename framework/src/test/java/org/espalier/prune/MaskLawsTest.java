package org.espalier.prune;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Parameter;
import org.espalier.engine.Rng;
import org.espalier.engine.Tensor;
import org.espalier.methods.Sites;
import org.espalier.models.Model;
import org.espalier.spec.Binder;
import org.espalier.spec.Yaml;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What every composition of score, allocation and pattern promises, over generated shapes and ratios. */
class MaskLawsTest {
    private static final String[] SCORES = {"magnitude", "random"};
    private static final String[] ALLOCATIONS = {
        "uniform", "er", "erk", "global", "{ per-layer: { rates: { b: 0.1 } } }"
    };
    private static final String[] PATTERNS = {"unstructured", "{ unstructured: row }"};

    @Test
    void holdForGeneratedNetworks() {
        check(500);
    }

    @Test
    @Tag("soak")
    void holdForManyGeneratedNetworks() {
        check(20_000);
    }

    private static void check(int cases) {
        RandomGenerator random = Rng.of(16, "mask-laws", 0);
        long weights = 0;
        for (int i = 0; i < cases; i++) {
            Matrices model = new Matrices(random);
            double ratio = Math.round(random.nextDouble(0.05, 0.95) * 1000) / 1000.0;
            boolean rows = random.nextBoolean();
            Recipe recipe = recipe(
                    SCORES[random.nextInt(SCORES.length)],
                    ALLOCATIONS[random.nextInt(ALLOCATIONS.length)],
                    PATTERNS[rows ? 1 : 0],
                    ratio);
            List<Pruning.Change> changes = new Pruning(null, model, recipe, i, "laws").prune(null);
            for (int s = 0; s < changes.size(); s++) {
                Pruning.Change change = changes.get(s);
                Parameter weight = model.parameters().get(s);
                int rounding = rows ? weight.rows() : 1;
                assertThat((double) change.keptAfter())
                        .as("%s of %s", recipe, change)
                        .isBetween(change.asked() - rounding * 0.5 - 0.5, change.asked() + rounding * 0.5 + 0.5);
                assertThat(change.keptAfter()).isEqualTo(weight.kept());
                for (int k = 0; k < weight.size(); k++)
                    if (!weight.survivors().keeps(k))
                        assertThat(weight.value()[k]).isZero();
                weights += weight.size();
            }
            nested(model, recipe, i);
        }
        System.out.printf("mask laws: %d networks, %d weights%n", cases, weights);
    }

    /** Pruning what remains keeps a subset of what remained. */
    private static void nested(Matrices model, Recipe first, int seed) {
        List<float[]> before = model.parameters().stream().map(p -> p.mask()).toList();
        Recipe again = new Recipe(
                first.score(),
                recipe("magnitude", "uniform", "unstructured", 0.5).allocate(),
                first.pattern(),
                Optional.of(0.5),
                Budget.Of.REMAINING,
                List.of(),
                List.of());
        if (model.parameters().stream().noneMatch(p -> p.kept() >= 4 * p.rows())) return;
        new Pruning(null, model, again, seed, "again").prune(null);
        for (int s = 0; s < before.size(); s++) {
            float[] after = model.parameters().get(s).mask();
            for (int k = 0; k < after.length; k++)
                if (after[k] != 0f) assertThat(before.get(s)[k]).isOne();
        }
    }

    /** The same scores cut deeper keep fewer: masks are monotone in the ratio. */
    @Test
    void areMonotoneInTheRatio() {
        for (String allocation : ALLOCATIONS) {
            float[][] previous = null;
            for (double ratio : new double[] {0.2, 0.4, 0.6, 0.8, 0.95}) {
                Matrices model = new Matrices(Rng.of(3, "monotone", 0));
                new Pruning(null, model, recipe("magnitude", allocation, "unstructured", ratio), 1, "x").prune(null);
                float[][] masks =
                        model.parameters().stream().map(Parameter::mask).toArray(float[][]::new);
                if (previous != null)
                    for (int s = 0; s < masks.length; s++)
                        for (int k = 0; k < masks[s].length; k++)
                            if (masks[s][k] != 0f)
                                assertThat(previous[s][k])
                                        .as("%s at %s", allocation, ratio)
                                        .isOne();
                previous = masks;
            }
        }
    }

    @Test
    void aPruningThatRemovesNothingIsRefused() {
        Matrices model = new Matrices(Rng.of(3, "nothing", 0));
        new Pruning(null, model, recipe("magnitude", "uniform", "unstructured", 0.5), 1, "x").prune(null);
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> new Pruning(null, model, recipe("magnitude", "uniform", "unstructured", 0.5), 1, "x")
                                .prune(null)))
                .isInstanceOf(PruningException.class)
                .hasMessageContaining("nothing would be removed");
    }

    @Test
    void aScoreThatIsNotANumberIsRefusedAndChangesNothing() {
        Matrices model = new Matrices(Rng.of(3, "nan", 0));
        model.parameters().getLast().value()[1] = Float.NaN;
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> new Pruning(null, model, recipe("magnitude", "uniform", "unstructured", 0.5), 1, "x")
                                .prune(null)))
                .isInstanceOf(PruningException.class)
                .hasMessageContaining("entry 1 of");
        assertThat(model.parameters()).allMatch(p -> p.mask() == null);
    }

    private static Recipe recipe(String score, String allocate, String pattern, double ratio) {
        return Binder.bind(
                Recipe.class,
                Yaml.parse(
                        "{ score: %s, allocate: %s, pattern: %s, ratio: %s }"
                                .formatted(score, allocate, pattern, ratio),
                        "test"));
    }

    /** Two or three weight matrices of random shapes; never traced. */
    private static final class Matrices implements Model {
        private final List<Parameter> weights = new ArrayList<>();

        Matrices(RandomGenerator random) {
            String[] names = {"a", "b", "c"};
            for (int i = 0; i < 2 + random.nextInt(2); i++)
                weights.add(Sites.random(names[i], 1 + random.nextInt(24), 20 + random.nextInt(24), random.nextLong())
                        .parameter());
        }

        @Override
        public Tensor forward(Graph g, Tensor input) {
            throw new UnsupportedOperationException("this network has no layers");
        }

        @Override
        public List<Parameter> parameters() {
            return weights;
        }

        @Override
        public int[] inputShape() {
            return new int[] {1};
        }

        @Override
        public int classes() {
            return 1;
        }

        @Override
        public Layout layout() {
            return Layout.ROWS;
        }
    }
}
