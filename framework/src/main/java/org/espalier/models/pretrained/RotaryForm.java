package org.espalier.models.pretrained;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.espalier.data.file.FileFormatException;
import org.espalier.data.pretrained.Config;
import org.espalier.engine.ops.RotaryScaling;

/** How configurations say by what angles positions turn: {@code rope_parameters}, in older files {@code rope_scaling}. */
final class RotaryForm {
    private RotaryForm() {}

    /** @param rotary the settings of the angles; null where there are none */
    static RotaryScaling read(Config c, Config rotary) throws IOException {
        if (rotary == null) return new RotaryScaling.Unscaled();
        String type = rotary.optionalText("rope_type").or(() -> text(rotary)).orElse("default");
        if (type.equals("default")) return new RotaryScaling.Unscaled();
        double by = rotary.number("factor");
        int positions =
                rotary.optionalInteger("original_max_position_embeddings").orElse(c.integer("max_position_embeddings"));
        return switch (type) {
            case "linear" -> new RotaryScaling.Pressed(by);
            case "dynamic" -> new RotaryScaling.Dynamic(by, positions);
            case "llama3" ->
                new RotaryScaling.Llama3(
                        by, rotary.number("low_freq_factor"), rotary.number("high_freq_factor"), positions);
            case "yarn" ->
                new RotaryScaling.Yarn(
                        by,
                        rotary.optionalNumber("beta_fast").orElse(32),
                        rotary.optionalNumber("beta_slow").orElse(1),
                        positions,
                        rotary.optionalNumber("attention_factor").orElse(RotaryScaling.Yarn.attention(by)),
                        rotary.optionalFlag("truncate").orElse(true));
            default ->
                throw rotary.wrong("rope_type", "is " + type + "; known are default, linear, dynamic, llama3, yarn");
        };
    }

    /** The key that older files use. */
    private static Optional<String> text(Config rotary) {
        try {
            return rotary.optionalText("type");
        } catch (FileFormatException e) {
            return Optional.of("unreadable");
        }
    }

    /** What stands under {@code rope_parameters}. */
    static Map<String, Object> write(double theta, RotaryScaling scaling) {
        Map<String, Object> rotary = new LinkedHashMap<>();
        rotary.put("rope_theta", theta);
        switch (scaling) {
            case RotaryScaling.Unscaled plain -> rotary.put("rope_type", "default");
            case RotaryScaling.Pressed pressed -> {
                rotary.put("rope_type", "linear");
                rotary.put("factor", pressed.by());
            }
            case RotaryScaling.Dynamic dynamic -> {
                rotary.put("rope_type", "dynamic");
                rotary.put("factor", dynamic.by());
                rotary.put("original_max_position_embeddings", dynamic.positions());
            }
            case RotaryScaling.Llama3 blended -> {
                rotary.put("rope_type", "llama3");
                rotary.put("factor", blended.by());
                rotary.put("low_freq_factor", blended.low());
                rotary.put("high_freq_factor", blended.high());
                rotary.put("original_max_position_embeddings", blended.positions());
            }
            case RotaryScaling.Yarn yarn -> {
                rotary.put("rope_type", "yarn");
                rotary.put("factor", yarn.by());
                rotary.put("beta_fast", yarn.fast());
                rotary.put("beta_slow", yarn.slow());
                rotary.put("attention_factor", yarn.attention());
                rotary.put("truncate", yarn.truncate());
                rotary.put("original_max_position_embeddings", yarn.positions());
            }
        }
        return rotary;
    }

    /** What stands under {@code rope_scaling}; null for no scaling. */
    static Map<String, Object> older(RotaryScaling scaling) {
        if (scaling instanceof RotaryScaling.Unscaled) return null;
        Map<String, Object> rotary = write(0, scaling);
        rotary.remove("rope_theta");
        return rotary;
    }
}
