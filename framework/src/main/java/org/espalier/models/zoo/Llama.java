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
 * A decoder as Touvron et al. (2023) build it: root mean square norms before attention with rotated queries and keys and before a
 * gated feed-forward with SiLU, no biases. Parameters are called as in Hugging Face's files.
 *
 * @param vocabulary number of different tokens
 * @param width features of a token
 * @param layers number of blocks
 * @param heads query heads
 * @param keyHeads heads of keys and values: as many as query heads, if it is left out
 * @param headWidth features of a head: width / heads, if it is left out
 * @param hidden features inside the feed-forward
 * @param context the longest sequence
 * @param theta base of the angles by which positions turn
 * @param scaling how angles are changed for sequences longer than those of the training
 * @param epsilon added to mean squares
 * @param tied whether the table is the head too
 */
public record Llama(
        int vocabulary,
        int width,
        int layers,
        int heads,
        Optional<Integer> keyHeads,
        Optional<Integer> headWidth,
        int hidden,
        @Default("2048") int context,
        @Default("10000") double theta,
        @Default("unscaled") RotaryScaling scaling,
        @Default("1e-5") double epsilon,
        @Default("false") boolean tied,
        @Default("normal") Init init)
        implements Decoder {
    public Llama {
        if (vocabulary < 2 || width < 1 || layers < 1 || hidden < 1 || context < 2)
            throw new IllegalArgumentException("vocabulary, width, layers, hidden and context must be positive");
        if (heads < 1 || keyHeads.orElse(1) < 1 || headWidth.orElse(1) < 1)
            throw new IllegalArgumentException("heads, key-heads and head-width must be positive");
        if (headWidth.isEmpty() && width % heads != 0)
            throw new IllegalArgumentException(
                    "width " + width + " is no multiple of " + heads + " heads; give head-width");
    }

    @Override
    public LanguageModel network(int length) {
        Span span = Span.of(Axis.of("width", width));
        int each = headWidth.orElse(width / Math.max(1, heads));
        Rotary rotary = new Rotary(each, each, theta, scaling);
        SelfAttention.Form form = SelfAttention.Form.causal(heads, keyHeads.orElse(heads), each);
        List<TransformerBlock> blocks = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            String name = "model.layers." + i;
            blocks.add(new TransformerBlock(
                    name,
                    new SelfAttention(
                            SelfAttention.Names.projections(name + ".self_attn"),
                            span,
                            form,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(rotary)),
                    FeedForward.gated(name + ".mlp", span, hidden, Activations.Gate.SILU),
                    TransformerBlock.Norms.before(
                            TokenNorm.rms(name + ".input_layernorm", span, epsilon, 0),
                            TokenNorm.rms(name + ".post_attention_layernorm", span, epsilon, 0))));
        }
        Span tokens = Span.of(Axis.of("vocabulary", vocabulary).pin());
        Parameter table = Parameter.table("model.embed_tokens.weight", tokens, span);
        Parameter head = tied ? table : Parameter.table("lm_head.weight", tokens, span);
        TokenNorm norm = TokenNorm.rms("model.norm", span, epsilon, 0);
        return new LanguageModel(
                new LanguageModel.Frame(table, Optional.empty(), 1, norm, head, context), blocks, length);
    }
}
