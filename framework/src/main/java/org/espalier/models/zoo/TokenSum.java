package org.espalier.models.zoo;

import java.util.List;
import org.espalier.engine.Axis;
import org.espalier.engine.Layout;
import org.espalier.engine.Span;
import org.espalier.engine.ops.Activations;
import org.espalier.engine.ops.Pools;
import org.espalier.models.Init;
import org.espalier.models.Linear;
import org.espalier.models.Model;
import org.espalier.models.Network;
import org.espalier.models.Zoo;
import org.espalier.spec.Default;

/**
 * The perceptron of Minegishi et al., Grokking Tickets (2023), on one-hot tokens that lie side by side: each token is embedded and
 * projected by the same weights, the projections are summed, rectified, led back to the embedding's width and to one logit per class.
 * No layer has a bias. Embedding and projection are linear, so tokens are summed before them, which is the same function of the same
 * weights. Layers are called embedding, projection, expansion and output.
 *
 * @param tokens tokens of an example; an example has tokens × vocabulary features
 * @param embedding width of the embedding
 * @param hidden width of the rectified layer
 */
public record TokenSum(
        @Default("2") int tokens,
        @Default("500") int embedding,
        @Default("48") int hidden,
        @Default("lecun-normal") Init init)
        implements Zoo {
    public TokenSum {
        if (tokens < 1 || embedding < 1 || hidden < 1)
            throw new IllegalArgumentException("tokens, embedding and hidden must be positive, got " + tokens + ", "
                    + embedding + " and " + hidden);
    }

    @Override
    public Model build(int[] input, int classes, long seed) {
        int features = 1;
        for (int d : input) features = Math.multiplyExact(features, d);
        if (features % tokens != 0)
            throw new IllegalArgumentException(
                    features + " features are not " + tokens + " one-hot tokens side by side");
        Linear embed = Linear.withoutBias(
                "embedding", Span.of(Axis.of("vocabulary", features / tokens).pin()), embedding);
        Linear project = Linear.withoutBias("projection", embed.out(), hidden);
        Linear expand = Linear.withoutBias("expansion", project.out(), embedding);
        Linear output = Linear.withoutBias("output", expand.out(), classes);
        return Network.of(
                        new int[] {features},
                        classes,
                        Layout.COLUMNS,
                        List.of(
                                (g, x) -> Pools.groups(g, x, tokens),
                                embed,
                                project,
                                Activations::relu,
                                expand,
                                output))
                .initialised(init, seed);
    }
}
