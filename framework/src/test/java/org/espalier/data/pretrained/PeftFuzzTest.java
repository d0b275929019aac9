package org.espalier.data.pretrained;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.espalier.reliability.ReaderFuzz;

/** Both files of an adapter in one: the configuration up to the first zero byte, then the weights. */
class PeftFuzzTest extends ReaderFuzz {
    static Stream<byte[]> seeds() throws IOException {
        float[] a = {1, 2, 3, 4}, b = {1, 2, 3, 4, 5, 6};
        return Stream.of(
                joined(PeftAdapter.Kind.LORA, a, b, Optional.empty(), List.of()),
                joined(PeftAdapter.Kind.ADALORA, a, b, Optional.of(new float[] {7, 8}), List.of(true, false, true)));
    }

    private static byte[] joined(
            PeftAdapter.Kind kind, float[] a, float[] b, Optional<float[]> values, List<Boolean> kept)
            throws IOException {
        PeftAdapter.Layer layer =
                new PeftAdapter.Layer("h.0.q", kept.isEmpty() ? 2 : 3, 4, 2, 3, a, b, values, Optional.empty(), kept);
        Path adapter = Files.createDirectories(folder.resolve("seed"));
        PeftFolder.write(
                new PeftAdapter(kind, false, 0, Map.of("rank_pattern", Map.of("q", 2)), List.of(layer)), adapter);
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.write(Files.readAllBytes(adapter.resolve(PeftFolder.CONFIG)));
        both.write(0);
        both.write(Files.readAllBytes(adapter.resolve(PeftFolder.WEIGHTS)));
        return both.toByteArray();
    }

    @Override
    protected void read(Path file) throws IOException {
        byte[] both = Files.readAllBytes(file);
        int end = 0;
        while (end < both.length && both[end] != 0) {
            end++;
        }
        Path adapter = Files.createDirectories(file.resolveSibling("fuzzed-adapter"));
        write(adapter.resolve(PeftFolder.CONFIG), Arrays.copyOf(both, end));
        write(
                adapter.resolve(PeftFolder.WEIGHTS),
                Arrays.copyOfRange(both, Math.min(end + 1, both.length), both.length));
        PeftAdapter read = PeftFolder.read(adapter);
        read.layers().forEach(layer -> {
            layer.weighedA();
            read.factor(layer);
        });
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Files.deleteIfExists(file);
        Files.write(file, bytes);
    }
}
