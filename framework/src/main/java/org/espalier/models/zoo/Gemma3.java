package org.espalier.models.zoo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.engine.Axis;
import org.espalier.engine.Parameter;
import org.espalier.engine.Span;
import org.espalier.engine.ops.Activations;
import org.espalier.engine.ops.Rotary;
import org.espalier.engine.ops.RotaryScaling;
import org.espalier.models.Decoder;
import org.espalier.models.FeedForward;
import org.espalier.models.Init;
import org.espalier.models.LanguageModel;
import org.espalier.models.SelfAttention;
import org.espalier.models.TokenNorm;
import org.espalier.models.TransformerBlock;
import org.espalier.spec.Default;

/**
 * The text decoder of Gemma 3 (Google, 2025): norms before and after attention and feed-forward, each head's queries and keys normed
 * too, most layers seeing a window only, a gated feed-forward with GELU, the table scaled by √width and used as the head. Stored
 * norm scales are differences from 1.
 *
 * @param global every how many blocks one sees all tokens, the last of each such group
 * @param window tokens that the other blocks see
 * @param query queries are scaled by 1 / √query
 * @param theta base of the angles in blocks that see all tokens; {@code localTheta} in the others
 * @param scaling how the angles of blocks that see all tokens are changed
 */
public record Gemma3(
        int vocabulary,
        int width,
        int layers,
        int heads,
        int keyHeads,
        int headWidth,
        int hidden,
        @Default("32768") int context,
        @Default("6") int global,
        @Default("512") int window,
        Optional<Double> query,
        @Default("1000000") double theta,
        @Default("10000") double localTheta,
        @Default("unscaled") RotaryScaling scaling,
        @Default("1e-6") double epsilon,
        @Default("normal") Init init)
        implements Decoder {
    public Gemma3 {
        if (vocabulary < 2 || width < 1 || layers < 1 || hidden < 1 || context < 2 || global < 1 || window < 1)
            throw new IllegalArgumentException(
                    "vocabulary, width, layers, hidden, context, global and window must be positive");
        if (heads < 1 || keyHeads < 1 || headWidth < 1)
            throw new IllegalArgumentException("heads, key-heads and head-width must be positive");
    }

    @Override
    public LanguageModel network(int length) {
        Span span = Span.of(Axis.of("width", width));
        Rotary far = new Rotary(headWidth, headWidth, theta, scaling);
        Rotary near = Rotary.plain(headWidth, localTheta);
        List<TransformerBlock> blocks = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            boolean all = (i + 1) % global == 0;
            String name = "model.layers." + i;
            blocks.add(new TransformerBlock(
                    name,
                    attention(name + ".self_attn", span, all ? 0 : window, all ? far : near),
                    FeedForward.gated(name + ".mlp", span, hidden, Activations.Gate.GELU_TANH),
                    TransformerBlock.Norms.around(
                            norm(name + ".input_layernorm", span),
                            norm(name + ".post_attention_layernorm", span),
                            norm(name + ".pre_feedforward_layernorm", span),
                            norm(name + ".post_feedforward_layernorm", span))));
        }
        Span tokens = Span.of(Axis.of("vocabulary", vocabulary).pin());
        Parameter table = Parameter.table("model.embed_tokens.weight", tokens, span);
        LanguageModel.Frame frame = new LanguageModel.Frame(
                table, Optional.empty(), (float) Math.sqrt(width), norm("model.norm", span), table, context);
        return new LanguageModel(frame, blocks, length);
    }

    private SelfAttention attention(String name, Span span, int seen, Rotary rotary) {
        double scale = 1 / Math.sqrt(query.orElse((double) headWidth));
        return new SelfAttention(
                SelfAttention.Names.projections(name),
                span,
                new SelfAttention.Form(heads, keyHeads, headWidth, true, seen, scale, false),
                Optional.of(TokenNorm.perHead(name + ".q_norm", headWidth, epsilon, 1)),
                Optional.of(TokenNorm.perHead(name + ".k_norm", headWidth, epsilon, 1)),
                Optional.of(rotary));
    }

    private TokenNorm norm(String name, Span span) {
        return TokenNorm.rms(name, span, epsilon, 1);
    }
}
