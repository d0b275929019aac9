package org.espalier.methods.adapt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.espalier.data.pretrained.PeftAdapter;
import org.espalier.engine.Parameter;
import org.espalier.models.Model;
import org.espalier.spec.Default;
import org.espalier.spec.Paper;
import org.espalier.train.Adaptation;
import org.espalier.train.AdaptedWeight;
import org.espalier.train.AdaptedWeights;
import org.espalier.train.Adapter;
import org.espalier.train.Batch;
import org.espalier.train.InputDropout;
import org.espalier.train.LowRank;
import org.espalier.train.Principal;
import org.espalier.train.RowLengths;
import org.espalier.train.Training;

/**
 * LoRA: y = W·x + s·B·(A·x) with W frozen. Merging fills what was pruned.
 *
 * @param rank of B·A
 * @param alpha the numerator of the scale s
 * @param scaling s = alpha / rank, or alpha / √rank ("A Rank Stabilization Scaling Factor for Fine-Tuning with LoRA", 2023)
 * @param init where A begins: uniform within ±1/√in, normal with deviation 1/rank, both with B = 0; or A and B begin as the largest
 *     singular directions of W, which are taken out of it ("PiSSA", 2024)
 * @param dora whether the length of each row of W + s·B·A is trained apart from its direction ("DoRA", 2024); the length by which
 *     directions are divided passes no gradient on, as in the paper's section 4.3
 * @param dropout the share of A's input that is left out in training
 * @param on names of layers, or ends of them; left out, all
 * @param rankPattern other ranks for layers of these names
 * @param alphaPattern other alphas
 */
@Paper(title = "LoRA: Low-Rank Adaptation of Large Language Models", year = 2021, id = "2106.09685")
public record Lora(
        @Default("8") int rank,
        @Default("16") double alpha,
        @Default("plain") Scaling scaling,
        @Default("kaiming") Start init,
        @Default("false") boolean dora,
        @Default("0") double dropout,
        @Default("[]") List<String> on,
        @Default("{}") Map<String, Integer> rankPattern,
        @Default("{}") Map<String, Double> alphaPattern)
        implements Adapter {
    /** What alpha is divided by. */
    public enum Scaling {
        /** The rank. */
        PLAIN,
        /** Its root. */
        RANK_STABILISED
    }

    /** Where the factors begin. */
    public enum Start {
        KAIMING,
        GAUSSIAN,
        PISSA
    }

    public Lora {
        positive(rank);
        rankPattern.values().forEach(Lora::positive);
        InputDropout.check(dropout);
        if (!(alpha > 0)) throw new IllegalArgumentException("alpha must be positive, got " + alpha);
    }

    private static void positive(int rank) {
        if (rank < 1) throw new IllegalArgumentException("rank must be at least 1, got " + rank);
    }

    @Override
    public boolean keepsZeros() {
        return false;
    }

    @Override
    public void check(Model model) {
        List<Parameter> weights = AdaptedWeights.targets(model, on);
        if (init == Start.PISSA) for (Parameter weight : weights) AdaptedWeights.fits(rankOf(weight), List.of(weight));
    }

    @Override
    public Adaptation attach(Training training) {
        List<Layer> layers = new ArrayList<>();
        InputDropout left = InputDropout.of(dropout, training);
        for (Parameter weight : AdaptedWeights.targets(training.model(), on))
            layers.add(beside(training, weight, left));
        return new Attached(
                layers,
                left,
                AdaptedWeights.inPlace(layers.stream().map(Layer::adapted).toList()));
    }

    private Layer beside(Training training, Parameter weight, InputDropout left) {
        int rank = rankOf(weight);
        double alpha = AdaptedWeights.under(weight, alphaPattern, this.alpha);
        float factor = (float) (alpha / (scaling == Scaling.PLAIN ? rank : Math.sqrt(rank)));
        Optional<Principal> principal =
                init == Start.PISSA ? Optional.of(Principal.beside(training, weight, rank, factor)) : Optional.empty();
        LowRank pair = principal
                .map(Principal::pair)
                .orElseGet(() -> LowRank.beside(training, weight, rank, factor, start(training, weight, rank), b -> {}))
                .with(left);
        Optional<RowLengths> lengths = dora ? Optional.of(RowLengths.beside(training, pair)) : Optional.empty();
        return new Layer(pair, alpha, principal, lengths);
    }

    private Consumer<float[]> start(Training training, Parameter weight, int rank) {
        RandomGenerator random = training.random("lora/" + weight.name());
        return init == Start.KAIMING
                ? a -> AdaptedWeights.uniform(a, weight.columns(), random)
                : LowRank.normal(random, 1.0 / rank);
    }

    private int rankOf(Parameter weight) {
        return AdaptedWeights.under(weight, rankPattern, rank);
    }

    /** What stands beside one weight. */
    private record Layer(LowRank pair, double alpha, Optional<Principal> principal, Optional<RowLengths> lengths) {
        AdaptedWeight adapted() {
            return lengths.isPresent() ? lengths.get() : pair;
        }
    }

    private final class Attached implements Adaptation {
        private final List<Layer> layers;
        private final InputDropout left;
        private final AdaptedWeights weights;

        Attached(List<Layer> layers, InputDropout left, AdaptedWeights weights) {
            this.layers = layers;
            this.left = left;
            this.weights = weights;
        }

        @Override
        public List<Parameter> parameters() {
            return weights.parameters();
        }

        @Override
        public Batch choose(Batch batch, long step) {
            left.next(step);
            return batch;
        }

        @Override
        public void merge() {
            weights.merge();
        }

        @Override
        public Optional<PeftAdapter> stored() {
            return Optional.of(new PeftAdapter(
                    PeftAdapter.Kind.LORA,
                    scaling == Scaling.RANK_STABILISED,
                    dropout,
                    Map.of(),
                    layers.stream().map(this::stored).toList()));
        }

        /** Where directions were taken out of the weight at first, the file says what is to be added to it as it was: twice the rank. */
        private PeftAdapter.Layer stored(Layer layer) {
            LowRank pair = layer.pair();
            Optional<Principal> principal = layer.principal();
            int times = principal.isPresent() ? 2 : 1;
            return new PeftAdapter.Layer(
                    pair.weight().layer(),
                    times * pair.rank(),
                    layer.alpha() * (scaling == Scaling.PLAIN ? times : Math.sqrt(times)),
                    pair.weight().columns(),
                    pair.weight().rows(),
                    principal.map(Principal::wholeA).orElseGet(pair.a().value()::clone),
                    principal.map(Principal::wholeB).orElseGet(pair.b().value()::clone),
                    Optional.empty(),
                    layer.lengths().map(l -> l.magnitude().value().clone()),
                    List.of());
        }
    }
}
