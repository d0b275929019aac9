package org.espalier.data.pretrained;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.espalier.data.file.ElementType;
import org.espalier.data.file.FileFormatException;
import org.espalier.data.file.Safetensors;
import org.espalier.data.file.StoredTensor;
import org.espalier.launch.MappedFile;
import org.espalier.launch.WeightFormat;

/** One safetensors file of a model, checked and mapped. */
record Shard(MappedFile file, Map<String, StoredTensor> tensors) {
    static Shard open(Path path) throws IOException {
        Map<String, StoredTensor> tensors;
        try (Safetensors header = Safetensors.open(path)) {
            tensors = header.tensors();
        }
        long end = tensors.values().stream().mapToLong(StoredTensor::end).max().orElse(0);
        MappedFile file = MappedFile.open(path);
        if (file.size() < end) {
            file.close();
            throw new FileFormatException(path, end, "the file became shorter while it was opened");
        }
        return new Shard(file, tensors);
    }

    void read(String name, float[] into) throws IOException {
        StoredTensor tensor = tensors.get(name);
        WeightFormat format = format(tensor.type())
                .orElseThrow(() -> new FileFormatException(
                        file.path(),
                        tensor.begin(),
                        "tensor '" + name + "' is " + tensor.type() + "; weights are read as F32, F16 or BF16"));
        if (into.length != tensor.elements()) {
            throw new IllegalArgumentException("tensor '" + name + "' of " + file.path() + " has " + tensor.elements()
                    + " elements, not " + into.length);
        }
        file.decode(format, tensor.begin(), into);
    }

    private static Optional<WeightFormat> format(ElementType type) {
        return switch (type) {
            case F32 -> Optional.of(WeightFormat.F32);
            case F16 -> Optional.of(WeightFormat.F16);
            case BF16 -> Optional.of(WeightFormat.BF16);
            default -> Optional.empty();
        };
    }

    void close() {
        file.close();
    }
}
