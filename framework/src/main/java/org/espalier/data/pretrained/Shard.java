package org.espalier.data.pretrained;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
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
        WeightFormat format = format(tensor);
        if (into.length != tensor.elements()) {
            throw new IllegalArgumentException("tensor '" + name + "' of " + file.path() + " has " + tensor.elements()
                    + " elements, not " + into.length);
        }
        file.decode(format, tensor.begin(), into);
    }

    void rows(String name, int first, int count, float[] into, int at) throws IOException {
        StoredTensor tensor = tensors.get(name);
        WeightFormat format = format(tensor);
        int rows = Math.toIntExact(tensor.shape().getFirst());
        Objects.checkFromIndexSize(first, count, rows);
        int columns = Math.toIntExact(tensor.elements() / rows);
        file.decode(format, tensor.begin() + (long) first * columns * format.bytes(), into, at, count * columns);
    }

    private WeightFormat format(StoredTensor tensor) throws FileFormatException {
        return switch (tensor.type()) {
            case F32 -> WeightFormat.F32;
            case F16 -> WeightFormat.F16;
            case BF16 -> WeightFormat.BF16;
            default ->
                throw new FileFormatException(
                        file.path(),
                        tensor.begin(),
                        "tensor '" + tensor.name() + "' is " + tensor.type()
                                + "; weights are read as F32, F16 or BF16");
        };
    }

    void close() {
        file.close();
    }
}
