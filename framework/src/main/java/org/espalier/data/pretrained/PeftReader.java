package org.espalier.data.pretrained;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.data.file.FileFormatException;
import org.espalier.data.file.StoredTensor;

/** Reads the two files of an adapter. */
final class PeftReader {
    /** What a layer's tensors are called behind its name; AdaLoRA's lack the last word. */
    private enum Role {
        A(".lora_A.weight", ".lora_A"),
        B(".lora_B.weight", ".lora_B"),
        E(".lora_E"),
        MAGNITUDE(".lora_magnitude_vector", ".lora_magnitude_vector.weight"),
        RANKS(".ranknum");

        private final List<String> endings;

        Role(String... endings) {
            this.endings = List.of(endings);
        }

        Optional<String> module(String name) {
            return endings.stream()
                    .filter(name::endsWith)
                    .findFirst()
                    .map(ending -> name.substring(0, name.length() - ending.length()));
        }
    }

    private final Path weights;
    private final Config config;
    private final PeftAdapter.Kind kind;
    private final Shard file;

    private PeftReader(Path folder, Config config, Shard file) throws IOException {
        this.weights = folder.resolve(PeftFolder.WEIGHTS);
        this.config = config;
        this.kind = kind(config);
        this.file = file;
    }

    static PeftAdapter read(Path folder) throws IOException {
        Config config = Config.read(folder.resolve(PeftFolder.CONFIG));
        refuse(config);
        Shard file = Shard.open(folder.resolve(PeftFolder.WEIGHTS));
        try {
            return new PeftReader(folder, config, file).read();
        } finally {
            file.close();
        }
    }

    private static PeftAdapter.Kind kind(Config config) throws IOException {
        String type = config.text("peft_type");
        for (PeftAdapter.Kind kind : PeftAdapter.Kind.values()) if (kind.name().equals(type)) return kind;
        throw config.wrong("peft_type", "is " + type + "; known are LORA and ADALORA");
    }

    /** Settings under which the same tensors compute something else. */
    private static void refuse(Config config) throws IOException {
        for (String key : List.of(
                "alora_invocation_tokens",
                "layer_replication",
                "arrow_config",
                "kasa_config",
                "monteclora_config",
                "use_bdlora")) if (config.has(key)) throw config.wrong(key, "is not supported");
        if (config.optionalFlag("use_qalora").orElse(false)) throw config.wrong("use_qalora", "is not supported");
    }

    private PeftAdapter read() throws IOException {
        Map<String, Map<Role, StoredTensor>> modules = new LinkedHashMap<>();
        for (StoredTensor tensor : file.tensors().values()) sort(tensor, modules);
        if (modules.isEmpty()) throw new FileFormatException(weights, 0, "there are no factors in it");
        List<PeftAdapter.Layer> layers = new ArrayList<>();
        for (var module : modules.entrySet()) layers.add(layer(module.getKey(), module.getValue()));
        boolean stabilised = kind == PeftAdapter.Kind.LORA
                && config.optionalFlag("use_rslora").orElse(false);
        double dropout = config.optionalNumber("lora_dropout").orElse(0);
        return new PeftAdapter(kind, stabilised, dropout, Map.of(), List.copyOf(layers));
    }

    private void sort(StoredTensor tensor, Map<String, Map<Role, StoredTensor>> modules) throws IOException {
        String name = tensor.name();
        if (name.startsWith(PeftFolder.PREFIX))
            for (Role role : Role.values()) {
                Optional<String> module = role.module(name.substring(PeftFolder.PREFIX.length()));
                if (module.isEmpty()) continue;
                modules.computeIfAbsent(module.get(), _ -> new EnumMap<>(Role.class))
                        .put(role, tensor);
                return;
            }
        throw new FileFormatException(
                weights, tensor.begin(), "tensor '" + name + "' is no factor beside a linear layer");
    }

    private PeftAdapter.Layer layer(String module, Map<Role, StoredTensor> tensors) throws IOException {
        StoredTensor a = matrix(module, tensors, Role.A), b = matrix(module, tensors, Role.B);
        if (!a.shape().get(0).equals(b.shape().get(1)))
            throw new FileFormatException(
                    weights, b.begin(), module + ": B " + b.shape() + " and A " + a.shape() + " have no product");
        int ranks = Math.toIntExact(a.shape().get(0));
        int rank = kind == PeftAdapter.Kind.ADALORA ? initialRank() : rank(a, module);
        double alpha = kind == PeftAdapter.Kind.ADALORA
                ? config.optionalNumber("lora_alpha").orElse(8)
                : new PeftPattern(config, "alpha_pattern").of("lora_alpha", module);
        boolean dora = config.optionalFlag("use_dora").orElse(false);
        if (dora != tensors.containsKey(Role.MAGNITUDE))
            throw new FileFormatException(
                    weights, a.begin(), module + (dora ? " has no lora_magnitude_vector" : " has lengths of rows"));
        return new PeftAdapter.Layer(
                module,
                rank,
                alpha,
                Math.toIntExact(a.shape().get(1)),
                Math.toIntExact(b.shape().get(0)),
                floats(a),
                floats(b),
                optional(tensors, Role.E, ranks),
                optional(tensors, Role.MAGNITUDE, Math.toIntExact(b.shape().get(0))),
                kept(module, ranks));
    }

    private StoredTensor matrix(String module, Map<Role, StoredTensor> tensors, Role role) throws IOException {
        StoredTensor tensor = tensors.get(role);
        if (tensor == null) throw new FileFormatException(weights, 0, module + " has no lora_" + role);
        if (tensor.shape().size() != 2)
            throw new FileFormatException(
                    weights, tensor.begin(), "tensor '" + tensor.name() + "' " + tensor.shape() + " is no matrix");
        // AdaLoRA may have dropped all ranks of a layer, but every layer has inputs and outputs.
        long width = tensor.shape().get(role == Role.A ? 1 : 0);
        if (width == 0 || tensor.shape().stream().anyMatch(size -> size > Integer.MAX_VALUE))
            throw new FileFormatException(
                    weights, tensor.begin(), "tensor '" + tensor.name() + "' " + tensor.shape() + " fits no layer");
        return tensor;
    }

    private int initialRank() throws IOException {
        int rank = config.integer("init_r");
        if (rank < 1) throw config.wrong("init_r", "is " + rank);
        return rank;
    }

    private int rank(StoredTensor a, String module) throws IOException {
        double rank = new PeftPattern(config, "rank_pattern").of("r", module);
        if (rank != a.shape().get(0) || rank == 0)
            throw new FileFormatException(
                    weights,
                    a.begin(),
                    module + ": A " + a.shape() + " is not of rank "
                            + Double.toString(rank).replaceFirst("[.]0$", ""));
        return (int) rank;
    }

    private Optional<float[]> optional(Map<Role, StoredTensor> tensors, Role role, int size) throws IOException {
        StoredTensor tensor = tensors.get(role);
        if (role == Role.E && (tensor == null) == (kind == PeftAdapter.Kind.ADALORA))
            throw new FileFormatException(weights, 0, "lora_E belongs to AdaLoRA, and AdaLoRA has it");
        if (tensor == null) return Optional.empty();
        if (tensor.elements() != size)
            throw new FileFormatException(
                    weights,
                    tensor.begin(),
                    "tensor '" + tensor.name() + "' has " + tensor.elements() + " numbers where " + size + " belong");
        return Optional.of(floats(tensor));
    }

    private float[] floats(StoredTensor tensor) throws IOException {
        float[] values = new float[Math.toIntExact(tensor.elements())];
        if (values.length > 0) file.read(tensor.name(), values);
        return values;
    }

    /** Which of AdaLoRA's rows were kept. */
    private List<Boolean> kept(String module, int ranks) throws IOException {
        Optional<Config> pattern = config.optionalNested("rank_pattern");
        String key = module + ".lora_E";
        if (kind == PeftAdapter.Kind.LORA || pattern.isEmpty() || !pattern.get().has(key)) return List.of();
        List<Boolean> kept = pattern.get().flags(key);
        long count = kept.stream().filter(k -> k).count();
        if (count != ranks && kept.size() != ranks)
            throw pattern.get().wrong(key, "keeps " + count + " rows, the file has " + ranks);
        return count == ranks ? kept : List.of();
    }
}
