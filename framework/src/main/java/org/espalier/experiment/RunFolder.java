package org.espalier.experiment;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.espalier.data.file.Digest;
import org.espalier.data.file.DurableFile;
import org.espalier.launch.Device;

/**
 * The folder {@code reports/runs/<name>/<key>} of one run.
 *
 * @param path where it is
 */
public record RunFolder(Path path) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** The folder of a run below the reports folder. */
    public static RunFolder of(Path reports, Program program) {
        return new RunFolder(reports.resolve("runs")
                .resolve(program.experiment().name())
                .resolve(program.key().shortened()));
    }

    public Path metrics() {
        return path.resolve("metrics.csv");
    }

    /** Times and speeds, which differ from run to run; the columns of {@link #metrics}. */
    public Path timings() {
        return path.resolve("timings.csv");
    }

    public Path report() {
        return path.resolve("report.html");
    }

    public Path checkpoint(long seed) {
        return path.resolve("checkpoint").resolve("seed-" + seed);
    }

    public Path model(long seed) {
        return path.resolve("model").resolve("seed-" + seed + ".safetensors");
    }

    /** The Hugging Face folder that a streamed network is written to; its masks alone are in {@link #model}. */
    public Path weights(long seed) {
        return path.resolve("model").resolve("seed-" + seed);
    }

    /** SHA-256 of what a seed ended with: its model file, and the tensors of a streamed network. */
    Map<String, String> digests(long seed) throws IOException {
        Map<String, String> digests = new LinkedHashMap<>();
        digests.put("seed-" + seed, Digest.of(model(seed)).sha256());
        Path tensors = weights(seed).resolve("model.safetensors");
        if (Files.exists(tensors))
            digests.put("seed-" + seed + "/model", Digest.of(tensors).sha256());
        return digests;
    }

    /** What an adapter learned in a stage, as peft's files hold it. */
    public Path adapter(long seed, String stage) {
        return path.resolve("adapters").resolve("seed-" + seed).resolve(stage);
    }

    /** Writes a small text file so that a reader sees the old one or the new one, never half of it. */
    void write(String name, String text) throws IOException {
        Path file = path.resolve(name);
        Files.createDirectories(file.getParent());
        DurableFile.replace(file, channel -> {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) channel.write(bytes);
        });
    }

    void writeJson(String name, Object value) throws IOException {
        write(name, JSON.writeValueAsString(value) + "\n");
    }

    /** What {@code status.json} says; empty if there is none that can be read. */
    @SuppressWarnings("unchecked")
    public Optional<Map<String, Object>> status() {
        Path file = path.resolve("status.json");
        if (!Files.exists(file)) return Optional.empty();
        try {
            return Optional.of(JSON.readValue(file.toFile(), Map.class));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The folder of the spec that the run was made from, where it may have named others. */
    public Path specs(Path otherwise) {
        return status().map(s -> s.get("specs")).map(s -> Path.of(s.toString())).orElse(otherwise);
    }

    /** Of the device that the run was begun on. */
    public String arithmetic() {
        return status().map(s -> s.get("arithmetic")).map(Object::toString).orElse(Device.CPU);
    }

    /** Whether the run came to its end. */
    public boolean finished() {
        return status().map(s -> "finished".equals(s.get("state"))).orElse(false);
    }

    /**
     * Takes the run for this process until the channel is closed; the system frees it when the process dies, however it dies.
     *
     * @return empty if another process has it
     */
    public Optional<FileChannel> lock() throws IOException {
        Files.createDirectories(path);
        FileChannel channel = FileChannel.open(
                path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
        try {
            if (channel.tryLock() != null) {
                channel.truncate(0);
                channel.write(
                        ByteBuffer.wrap(
                                Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)),
                        0);
                return Optional.of(channel);
            }
        } catch (OverlappingFileLockException e) {
            // another run of this very process
        }
        channel.close();
        return Optional.empty();
    }

    /** Removes what a process that was killed left half written, wherever it is; only who has the lock calls this. */
    public void clean() throws IOException {
        List<Path> folders;
        try (Stream<Path> all = Files.walk(path)) {
            folders = all.filter(Files::isDirectory).toList();
        }
        for (Path each : folders) DurableFile.clean(each);
    }

    /** The process that has the run, as far as the lock file tells. */
    String owner() {
        String owner = "";
        try {
            // Between taking the lock and writing its number into it, a process needs a moment.
            for (int look = 0; look < 100 && !alive(owner); look++) {
                if (look > 0) Thread.sleep(10);
                owner = Files.readString(path.resolve("lock")).strip();
            }
        } catch (IOException e) {
            return "unknown";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return owner.isEmpty() ? "unknown" : owner;
    }

    private static boolean alive(String pid) {
        return pid.matches("[0-9]{1,18}")
                && ProcessHandle.of(Long.parseLong(pid))
                        .map(ProcessHandle::isAlive)
                        .orElse(false);
    }
}
