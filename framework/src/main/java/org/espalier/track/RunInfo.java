package org.espalier.track;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What is known of a run when it starts. Starting the same id again continues that run.
 *
 * @param id 32 hexadecimal digits, see {@link #id}
 * @param experiment MLflow experiment: the spec's name
 * @param name shown in the run list
 * @param parent id of the parent run, or null
 * @param directory folder whose files MLflow shows as the run's artifacts
 * @param parameters flattened spec; MLflow writes each once
 * @param tags besides those of the run's name, parent and user, which are added
 * @param time start, in milliseconds since 1970
 */
public record RunInfo(
        String id,
        String experiment,
        String name,
        String parent,
        Path directory,
        Map<String, String> parameters,
        Map<String, String> tags,
        long time) {
    public static final String COMMIT = "mlflow.source.git.commit";
    public static final String NOTE = "mlflow.note.content";
    public static final String SOURCE = "mlflow.source.name";
    static final String PARENT = "mlflow.parentRunId";

    public RunInfo {
        if (!id.matches("[0-9a-f]{32}")) {
            throw new IllegalArgumentException("a run id is 32 hexadecimal digits, not '" + id + "'");
        }
        Objects.requireNonNull(experiment, "experiment");
        Objects.requireNonNull(name, "name");
        directory = directory.toAbsolutePath().normalize();
        parameters = clean(parameters, MlflowNames::parameter);
        tags = clean(tags, MlflowNames::tag);
    }

    private static Map<String, String> clean(Map<String, String> entries, UnaryOperator<String> value) {
        Map<String, String> clean = new TreeMap<>();
        entries.forEach((k, v) -> clean.put(MlflowNames.key(k), value.apply(v)));
        return Collections.unmodifiableMap(clean);
    }

    /** A run without parent, parameters and tags, starting now. */
    public static RunInfo of(String id, String experiment, String name, Path directory) {
        return new RunInfo(id, experiment, name, null, directory, Map.of(), Map.of(), System.currentTimeMillis());
    }

    /** The id that follows from a run's key and, for a child, what sets it apart from its siblings. */
    public static String id(String... parts) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(String.join("\n", parts).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    public RunInfo childOf(String parentId) {
        return new RunInfo(id, experiment, name, parentId, directory, parameters, tags, time);
    }

    public RunInfo inExperiment(String other) {
        return new RunInfo(id, other, name, parent, directory, parameters, tags, time);
    }

    public RunInfo withParameters(Map<String, String> more) {
        return new RunInfo(id, experiment, name, parent, directory, join(parameters, more), tags, time);
    }

    public RunInfo withTag(String key, String value) {
        return new RunInfo(id, experiment, name, parent, directory, parameters, join(tags, Map.of(key, value)), time);
    }

    /** All tags, with those that MLflow's pages look for. */
    Map<String, String> allTags() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("mlflow.runName", name);
        all.put("mlflow.user", user());
        all.put("mlflow.source.type", "LOCAL");
        all.put(SOURCE, "espalier");
        if (parent != null) {
            all.put(PARENT, parent);
        }
        all.putAll(tags);
        return all;
    }

    static String user() {
        return System.getProperty("user.name", "unknown");
    }

    private static Map<String, String> join(Map<String, String> some, Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(some);
        all.putAll(more);
        return all;
    }
}
