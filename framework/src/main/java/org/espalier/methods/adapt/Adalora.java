package org.espalier.methods.adapt;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.data.pretrained.PeftAdapter;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.models.Model;
import org.espalier.spec.Default;
import org.espalier.spec.Paper;
import org.espalier.train.Adaptation;
import org.espalier.train.AdaptedWeights;
import org.espalier.train.Adapter;
import org.espalier.train.Batch;
import org.espalier.train.Course;
import org.espalier.train.InputDropout;
import org.espalier.train.Orthonormal;
import org.espalier.train.RankBudget;
import org.espalier.train.Ranks;
import org.espalier.train.Singular;
import org.espalier.train.Training;

/**
 * AdaLoRA: y = W·x + s·B·diag(E)·(A·x) with W frozen, where ranks that matter little are given up while training goes on. Merging fills
 * what was pruned. How important an entry is follows from its gradient before clipping.
 *
 * @param initial rank of every matrix at first
 * @param rank of a matrix at the end, on average
 * @param alpha s = alpha / initial
 * @param warmup updates during which all ranks are kept
 * @param settled updates at the end during which the choice stays as it is
 * @param every after how many updates ranks are chosen anew
 * @param beta1 what of the mean importance stays at an update
 * @param beta2 what of its mean deviation stays
 * @param orthogonality what the penalty counts in the loss
 * @param penalty how far A and B are from orthonormal: the squared norms of the paper, or the norms of its released code and of peft
 * @param dropout the share of A's input that is left out in training
 * @param on names of layers, or ends of them; left out, all
 */
@Paper(title = "Adaptive Budget Allocation for Parameter-Efficient Fine-Tuning", year = 2023, id = "2303.10512")
public record Adalora(
        @Default("12") int initial,
        @Default("8") int rank,
        @Default("16") double alpha,
        @Default("0") long warmup,
        @Default("0") long settled,
        @Default("1") int every,
        @Default("0.85") double beta1,
        @Default("0.85") double beta2,
        @Default("0.1") double orthogonality,
        @Default("squared") Penalty penalty,
        @Default("0") double dropout,
        @Default("[]") List<String> on)
        implements Adapter {
    /** Added to the rank that the scale is divided by, as the released code and peft do. */
    private static final double NEARLY_NOTHING = 1e-5;

    private static final double DEVIATION = 0.02;

    /** How the distance from orthonormal matrices is measured. */
    public enum Penalty {
        SQUARED,
        NORM
    }

    public Adalora {
        if (rank < 1) throw new IllegalArgumentException("rank must be at least 1, got " + rank);
        if (initial < rank)
            throw new IllegalArgumentException("initial must be at least the final rank " + rank + ", got " + initial);
        if (!(alpha > 0)) throw new IllegalArgumentException("alpha must be positive, got " + alpha);
        if (orthogonality < 0)
            throw new IllegalArgumentException("orthogonality must not be negative, got " + orthogonality);
        InputDropout.check(dropout);
        share("beta1", beta1);
        share("beta2", beta2);
    }

    private static void share(String name, double value) {
        if (!(value >= 0 && value < 1)) throw new IllegalArgumentException(name + " must lie in [0, 1), got " + value);
    }

    @Override
    public boolean keepsZeros() {
        return false;
    }

    @Override
    public void check(Model model) {
        AdaptedWeights.targets(model, on);
    }

    @Override
    public void check(Course course) {
        budget(1, course);
    }

    private RankBudget budget(int matrices, Course course) {
        return new RankBudget(
                initial * matrices, rank * matrices, warmup, settled, course.steps() - course.start(), every);
    }

    @Override
    public Adaptation attach(Training training) {
        float factor = (float) (alpha / (initial + NEARLY_NOTHING));
        InputDropout left = InputDropout.of(dropout, training);
        List<Singular> matrices = AdaptedWeights.targets(training.model(), on).stream()
                .map(w -> Singular.beside(training, w, initial, factor, DEVIATION, left))
                .toList();
        return new Attached(training, matrices, left);
    }

    private final class Attached implements Adaptation {
        private final Course course;
        private final List<Singular> matrices;
        private final AdaptedWeights weights;
        private final Ranks ranks;
        private final Orthonormal orthonormal;
        private final InputDropout left;

        Attached(Training training, List<Singular> matrices, InputDropout left) {
            this.left = left;
            this.course = training.course();
            this.matrices = matrices;
            this.weights = AdaptedWeights.inPlace(List.copyOf(matrices));
            this.ranks = new Ranks(training, matrices, budget(matrices.size(), course), beta1, beta2);
            this.orthonormal = new Orthonormal(
                    matrices.stream().map(Singular::pair).toList(), orthogonality, penalty == Penalty.SQUARED);
        }

        @Override
        public List<Parameter> parameters() {
            return weights.parameters();
        }

        @Override
        public void trace(Graph g) {
            if (orthogonality > 0) orthonormal.trace(g);
        }

        @Override
        public Batch choose(Batch batch, long step) {
            left.next(step);
            return batch;
        }

        @Override
        public void updated(long step) {
            ranks.updated(step - course.start());
        }

        @Override
        public Map<String, Double> measured() {
            long kept = 0;
            for (Singular matrix : matrices) for (float e : matrix.e().value()) if (e != 0) kept++;
            return Map.of("orthogonality", orthonormal.value(), "ranks", (double) kept);
        }

        @Override
        public void merge() {
            weights.merge();
        }

        @Override
        public Optional<PeftAdapter> stored() {
            Map<String, Object> settings = new LinkedHashMap<>();
            settings.put("target_r", rank);
            settings.put("tinit", warmup);
            settings.put("tfinal", settled);
            settings.put("deltaT", every);
            settings.put("beta1", beta1);
            settings.put("beta2", beta2);
            settings.put("orth_reg_weight", orthogonality);
            settings.put("total_step", course.steps() - course.start());
            return Optional.of(new PeftAdapter(
                    PeftAdapter.Kind.ADALORA,
                    false,
                    dropout,
                    settings,
                    matrices.stream().map(m -> m.stored(alpha)).toList()));
        }
    }
}
