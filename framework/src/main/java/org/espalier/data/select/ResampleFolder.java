package org.espalier.data.select;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.espalier.data.file.Digest;
import org.espalier.data.file.DurableFile;

/**
 * Where a selection is made: what is finished stands in it, file by file, so that one that was stopped goes on where it was.
 *
 * <pre>
 * request.json            what was asked for, and sizes and times of the files
 * fit/raw-0.counts …      n-gram counts of each raw file and target, little-endian longs
 * weights/0.f64 …         one of each raw file, see {@link WeightFile}, with what the file was in weights/0.json
 * 0.jsonl …               the chosen documents of each raw file
 * chosen.csv              their numbers, lines, lengths and weights
 * selection.json          budgets, seed, digests; written last
 * </pre>
 */
final class ResampleFolder {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path folder;

    private ResampleFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Opens a new folder, or one in which the same was begun before.
     *
     * @throws IOException where something else is in it
     */
    static ResampleFolder open(Path folder, ResampleRequest request) throws IOException {
        Path file = folder.resolve("request.json");
        byte[] asked = JSON.writeValueAsBytes(described(request));
        if (Files.exists(file)) {
            if (!Arrays.equals(Files.readAllBytes(file), asked)) {
                throw new IOException("another selection, or one of files that have changed, is in " + folder
                        + ": nothing is overwritten");
            }
        } else {
            refuseWhatIsThere(folder);
        }
        for (String name : List.of("fit", "weights")) {
            Files.createDirectories(folder.resolve(name));
            DurableFile.clean(folder.resolve(name));
        }
        DurableFile.clean(folder);
        if (!Files.exists(file)) {
            DurableFile.replace(file, channel -> channel.write(ByteBuffer.wrap(asked)));
        }
        return new ResampleFolder(folder);
    }

    private static void refuseWhatIsThere(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            if (files.anyMatch(path -> !path.getFileName().toString().matches("fit|weights|[.]tmp-.*"))) {
                throw new IOException(folder + " is not empty: nothing is overwritten");
            }
        }
    }

    private static Map<String, Object> described(ResampleRequest request) throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("raw", files(request.raw()));
        all.put("target", files(request.targets()));
        all.put("settings", settings(request));
        return all;
    }

    private static List<Map<String, Object>> files(List<Path> paths) throws IOException {
        List<Map<String, Object>> files = new ArrayList<>();
        for (Path path : paths) {
            if (!Files.isRegularFile(path)) {
                throw new IOException("there is no file " + path);
            }
            Map<String, Object> file = new LinkedHashMap<>();
            file.put("path", path.toString());
            file.put("bytes", Files.size(path));
            file.put("modified", Files.getLastModifiedTime(path).toMillis());
            files.add(file);
        }
        return files;
    }

    /** All that decides what is chosen out of given files. */
    static Map<String, Object> settings(ResampleRequest request) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("field", request.field());
        settings.put("target-field", request.targetField());
        settings.put("ngrams", request.order());
        settings.put("buckets", request.buckets());
        settings.put("words", request.words().name().toLowerCase(Locale.ROOT));
        settings.put("min-length", request.minLength());
        settings.put("fit", request.fit() == ResampleRequest.ALL ? "all" : request.fit());
        settings.put("keep", request.keep());
        settings.put("noise", request.topK() ? "none" : "Gumbel, NumPy's legacy stream");
        settings.put("seed", request.seed());
        settings.put("separate", request.separate());
        settings.put("proportions", request.proportions());
        settings.put("bad-lines", request.skipBad() ? "skipped" : "refused");
        return settings;
    }

    Path documents(int file) {
        return folder.resolve(file + ".jsonl");
    }

    Path chosen() {
        return folder.resolve("chosen.csv");
    }

    Path weights(int file) {
        return folder.resolve("weights/" + file + ".f64");
    }

    /** The finished selection's own account. */
    Optional<Map<String, Object>> selection() throws IOException {
        return read(folder.resolve("selection.json"));
    }

    void selection(Map<String, Object> account) throws IOException {
        write(folder.resolve("selection.json"), account);
    }

    /** What a file was found to be when the stage of this name was done with it; empty until then. */
    Optional<DocumentStream.Extent> extent(String name) throws IOException {
        return read(folder.resolve(name + ".json"))
                .map(saved -> new DocumentStream.Extent(
                        new Digest(number(saved, "bytes"), (String) saved.get("sha256")),
                        number(saved, "lines"),
                        number(saved, "skipped")));
    }

    private static long number(Map<String, Object> saved, String key) {
        return ((Number) saved.get(key)).longValue();
    }

    void extent(String name, DocumentStream.Extent extent) throws IOException {
        Map<String, Object> saved = new LinkedHashMap<>();
        saved.put("bytes", extent.digest().bytes());
        saved.put("sha256", extent.digest().sha256());
        saved.put("lines", extent.lines());
        saved.put("skipped", extent.skipped());
        write(folder.resolve(name + ".json"), saved);
    }

    /** The counts that were saved under a name, if they were. */
    Optional<NgramCounts> counts(String name) throws IOException {
        Path file = folder.resolve(name + ".counts");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        long[] counts = new long[in.remaining() / Long.BYTES];
        in.asLongBuffer().get(counts);
        return Optional.of(new NgramCounts(counts));
    }

    void counts(String name, NgramCounts counts) throws IOException {
        long[] values = counts.counts();
        ByteBuffer out = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.asLongBuffer().put(values);
        DurableFile.replace(folder.resolve(name + ".counts"), channel -> channel.write(out.duplicate()));
    }

    private static Optional<Map<String, Object>> read(Path file) throws IOException {
        return Files.exists(file)
                ? Optional.of(JSON.readValue(Files.readAllBytes(file), new TypeReference<>() {}))
                : Optional.empty();
    }

    private static void write(Path file, Map<String, Object> content) throws IOException {
        byte[] bytes = (JSON.writeValueAsString(content) + "\n").getBytes(StandardCharsets.UTF_8);
        DurableFile.replace(file, channel -> channel.write(ByteBuffer.wrap(bytes)));
    }
}
