package org.espalier.models.zoo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.engine.Axis;
import org.espalier.engine.Parameter;
import org.espalier.engine.Span;
import org.espalier.models.Encoder;
import org.espalier.models.FeedForward;
import org.espalier.models.SelfAttention;
import org.espalier.models.TokenNorm;
import org.espalier.models.TransformerBlock;

/**
 * The encoder of Devlin et al. (2019), of which MiniLM (Wang et al. 2020) is a small form: tokens, positions and types looked up,
 * summed and normed; attention to the whole sequence; layer norms behind the shortcuts; exact GELU. Parameters are called as in Hugging
 * Face's files, which may put {@code bert.} before all names. It has no classes to tell, so no experiment trains or prunes it.
 *
 * @param vocabulary number of different tokens
 * @param width features of a token, a multiple of {@code heads}
 * @param hidden features inside the feed-forward
 * @param context the longest sequence
 * @param types kinds of sequences, of which the first is used
 * @param epsilon added to variances
 */
public record Bert(
        int vocabulary, int width, int layers, int heads, int hidden, int context, int types, double epsilon) {
    public Bert {
        if (vocabulary < 2 || width < 1 || layers < 1 || heads < 1 || hidden < 1 || context < 2 || types < 1)
            throw new IllegalArgumentException(
                    "vocabulary, width, layers, heads, hidden, context and types must be positive");
        if (width % heads != 0)
            throw new IllegalArgumentException("width " + width + " is no multiple of " + heads + " heads");
    }

    /** The network, its weights not drawn: they are read from files. */
    public Encoder network() {
        Span span = Span.of(Axis.of("width", width));
        List<TransformerBlock> blocks = new ArrayList<>();
        for (int i = 0; i < layers; i++) blocks.add(block("encoder.layer." + i, span));
        Encoder.Frame frame = new Encoder.Frame(
                table("word", vocabulary, span),
                table("position", context, span),
                table("token_type", types, span),
                TokenNorm.layer("embeddings.LayerNorm", span, epsilon));
        return new Encoder(frame, blocks);
    }

    private static Parameter table(String of, int rows, Span span) {
        return Parameter.table(
                "embeddings." + of + "_embeddings.weight",
                Span.of(Axis.of(of, rows).pin()),
                span);
    }

    private TransformerBlock block(String name, Span span) {
        int each = width / heads;
        String self = name + ".attention.self";
        return new TransformerBlock(
                name,
                new SelfAttention(
                        new SelfAttention.Names(
                                self + ".query", self + ".key", self + ".value", name + ".attention.output.dense"),
                        span,
                        new SelfAttention.Form(heads, heads, each, false, 0, 1 / Math.sqrt(each), true),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                FeedForward.plain(name + ".intermediate.dense", name + ".output.dense", span, hidden, true),
                TransformerBlock.Norms.behind(
                        TokenNorm.layer(name + ".attention.output.LayerNorm", span, epsilon),
                        TokenNorm.layer(name + ".output.LayerNorm", span, epsilon)));
    }
}
