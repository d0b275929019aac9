package org.espalier.data.pretrained;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.data.file.DurableFile;
import org.espalier.data.file.SafetensorsWriter;

/** Writes an adapter as peft does. */
final class PeftWriter {
    /** What peft writes where the kind of adapter has another key for its rank: its default, about which it does not warn. */
    private static final int UNUSED = 8;

    private PeftWriter() {}

    static void write(PeftAdapter adapter, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.deleteIfExists(folder.resolve(PeftFolder.CONFIG));
        SafetensorsWriter file = new SafetensorsWriter().metadata("format", "pt");
        String end = adapter.kind() == PeftAdapter.Kind.LORA ? ".weight" : "";
        for (PeftAdapter.Layer layer : adapter.layers()) {
            String name = PeftFolder.PREFIX + layer.module();
            file.floats(name + ".lora_A" + end, layer.a(), layer.ranks(), layer.in());
            file.floats(name + ".lora_B" + end, layer.b(), layer.out(), layer.ranks());
            layer.values().ifPresent(e -> file.floats(name + ".lora_E", e, layer.ranks(), 1));
            layer.magnitude().ifPresent(m -> file.floats(name + ".lora_magnitude_vector", m, layer.out()));
        }
        file.write(folder.resolve(PeftFolder.WEIGHTS));
        ByteBuffer bytes = ByteBuffer.wrap(Config.of(folder.resolve(PeftFolder.CONFIG), settings(adapter))
                .json()
                .getBytes(StandardCharsets.UTF_8));
        DurableFile.replace(folder.resolve(PeftFolder.CONFIG), channel -> channel.write(bytes));
    }

    private static Map<String, Object> settings(PeftAdapter adapter) {
        PeftAdapter.Layer first = adapter.layers().getFirst();
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("peft_type", adapter.kind().name());
        settings.put("task_type", null);
        settings.put("base_model_name_or_path", null);
        settings.put("inference_mode", true);
        boolean lora = adapter.kind() == PeftAdapter.Kind.LORA;
        settings.put("r", lora ? first.rank() : UNUSED);
        settings.put("lora_alpha", number(first.alpha()));
        settings.put("lora_dropout", adapter.dropout());
        settings.put("bias", "none");
        settings.put("fan_in_fan_out", false);
        settings.put("init_lora_weights", true);
        settings.put("use_rslora", adapter.rankStabilised());
        settings.put("use_dora", first.magnitude().isPresent());
        settings.put("modules_to_save", null);
        settings.put(
                "target_modules",
                adapter.layers().stream().map(PeftAdapter.Layer::module).toList());
        if (lora) exceptions(adapter.layers(), first, settings);
        else ranks(adapter.layers(), first, settings);
        settings.putAll(adapter.settings());
        return settings;
    }

    private static void exceptions(
            List<PeftAdapter.Layer> layers, PeftAdapter.Layer first, Map<String, Object> settings) {
        Map<String, Object> ranks = new LinkedHashMap<>(), alphas = new LinkedHashMap<>();
        for (PeftAdapter.Layer layer : layers) {
            if (layer.rank() != first.rank()) ranks.put(layer.module(), layer.rank());
            if (layer.alpha() != first.alpha()) alphas.put(layer.module(), number(layer.alpha()));
        }
        settings.put("rank_pattern", ranks);
        settings.put("alpha_pattern", alphas);
    }

    private static void ranks(List<PeftAdapter.Layer> layers, PeftAdapter.Layer first, Map<String, Object> settings) {
        settings.put("init_r", first.rank());
        Map<String, Object> kept = new LinkedHashMap<>();
        for (PeftAdapter.Layer layer : layers)
            if (!layer.kept().isEmpty()) kept.put(layer.module() + ".lora_E", layer.kept());
        settings.put("rank_pattern", kept.isEmpty() ? null : kept);
    }

    /** A whole number where it is one, as peft's own files have it. */
    private static Number number(double value) {
        return value == Math.rint(value) ? (Number) (long) value : (Number) value;
    }
}
