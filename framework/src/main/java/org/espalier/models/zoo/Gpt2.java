package org.espalier.models.zoo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.engine.Axis;
import org.espalier.engine.Parameter;
import org.espalier.engine.Span;
import org.espalier.models.Decoder;
import org.espalier.models.FeedForward;
import org.espalier.models.Init;
import org.espalier.models.LanguageModel;
import org.espalier.models.SelfAttention;
import org.espalier.models.TokenNorm;
import org.espalier.models.TransformerBlock;
import org.espalier.spec.Default;

/**
 * GPT-2 (Radford et al. 2019): learned positions, layer norms, biases everywhere, GELU, the table used as the head. Parameters are
 * called as in Hugging Face's files, except that the fused projection {@code attn.c_attn} is three here, so that queries, keys and
 * values can be pruned apart.
 */
public record Gpt2(
        @Default("50257") int vocabulary,
        @Default("768") int width,
        @Default("12") int layers,
        @Default("12") int heads,
        Optional<Integer> hidden,
        @Default("1024") int context,
        @Default("1e-5") double epsilon,
        @Default("normal") Init init)
        implements Decoder {
    public Gpt2 {
        if (vocabulary < 2 || width < 1 || layers < 1 || heads < 1 || context < 2)
            throw new IllegalArgumentException("vocabulary, width, layers, heads and context must be positive");
        if (width % heads != 0)
            throw new IllegalArgumentException("width " + width + " is no multiple of " + heads + " heads");
    }

    @Override
    public LanguageModel network(int length) {
        Span span = Span.of(Axis.of("width", width));
        int each = width / heads;
        SelfAttention.Form form = new SelfAttention.Form(heads, heads, each, true, 0, 1 / Math.sqrt(each), true);
        List<TransformerBlock> blocks = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            String name = "transformer.h." + i;
            String fused = name + ".attn.c_attn";
            blocks.add(new TransformerBlock(
                    name,
                    new SelfAttention(
                            new SelfAttention.Names(
                                    fused + ".query", fused + ".key", fused + ".value", name + ".attn.c_proj"),
                            span,
                            form,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()),
                    FeedForward.plain(name + ".mlp.c_fc", name + ".mlp.c_proj", span, hidden.orElse(4 * width), false),
                    TransformerBlock.Norms.before(
                            TokenNorm.layer(name + ".ln_1", span, epsilon),
                            TokenNorm.layer(name + ".ln_2", span, epsilon))));
        }
        Span tokens = Span.of(Axis.of("vocabulary", vocabulary).pin());
        Span places = Span.of(Axis.of("positions", context).pin());
        Parameter table = Parameter.table("transformer.wte.weight", tokens, span);
        LanguageModel.Frame frame = new LanguageModel.Frame(
                table,
                Optional.of(Parameter.table("transformer.wpe.weight", places, span)),
                1,
                TokenNorm.layer("transformer.ln_f", span, epsilon),
                table,
                context);
        return new LanguageModel(frame, blocks, length);
    }
}
