package org.espalier.track;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The tracking store on this machine: one SQLite file that {@code mlflow ui --backend-store-uri sqlite:///…} opens. A
 * run's artifact folder in MLflow is its run directory, so nothing is stored twice. Each (run, name, step) has one
 * point; logged again, the later one stands.
 *
 * <p>Artifact folders are absolute addresses, as MLflow wants them. When the folder with the database has been moved,
 * those below it are rewritten at the next start.
 */
public final class LocalStore implements Sink {
    private static final long CLOSE_MILLIS = 10_000;
    private static final int ARTIFACT_URI = 200;
    private static final Set<Integer> PERMANENT = Set.of(
            SQLiteErrorCode.SQLITE_CONSTRAINT.code,
            SQLiteErrorCode.SQLITE_MISMATCH.code,
            SQLiteErrorCode.SQLITE_TOOBIG.code);

    private final Path file;
    private final Consumer<String> notice;
    private final Set<String> running = new HashSet<>();
    private MlflowDatabase database;
    private long lastBeat;

    private LocalStore(Path file, Consumer<String> notice) {
        this.file = file.toAbsolutePath().normalize();
        this.notice = notice;
    }

    /**
     * A tracker that writes to this file, which is opened in the background.
     *
     * @param notice receives one line when something cannot be recorded
     */
    public static Tracker tracker(Path file, Consumer<String> notice) {
        return new Recorder(new LocalStore(file, notice), notice, CLOSE_MILLIS);
    }

    @Override
    public String name() {
        return file.getFileName().toString();
    }

    @Override
    public void write(List<Event> events) throws IOException {
        long now = System.currentTimeMillis();
        boolean beat = !running.isEmpty() && now - lastBeat > Owner.BEAT_MILLIS;
        if (events.isEmpty() && !beat) {
            return;
        }
        try {
            if (database == null) {
                database = MlflowDatabase.open(file);
                Upkeep.run(database, file.getParent());
            }
            database.begin();
            for (Event event : events) {
                apply(event);
            }
            if (beat) {
                for (String run : running) {
                    tag(run, Owner.TAG, Owner.now().text());
                }
                lastBeat = now;
            }
            database.commit();
        } catch (SQLException e) {
            throw failure(e);
        } catch (IOException | RuntimeException e) {
            abandon();
            throw e;
        }
    }

    /** What breaks a rule of the schema can never be written; anything else may pass. */
    private IOException failure(SQLException e) {
        abandon();
        if (e instanceof SQLiteException sqlite && PERMANENT.contains(sqlite.getResultCode().code & 0xff)) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return new IOException(e.getMessage(), e);
    }

    /** Leaves the database; what was not committed is undone, and the next write opens it again. */
    private void abandon() {
        try {
            if (database != null) {
                database.close();
            }
        } catch (SQLException e) {
            notice.accept(name() + ": " + e.getMessage());
        }
        database = null;
    }

    @Override
    public void force() throws IOException {
        try {
            if (database != null) {
                database.force();
            }
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    @Override
    public void close() throws IOException {
        abandon();
    }

    private void apply(Event event) throws SQLException {
        switch (event) {
            case Event.Start start -> start(start.info());
            case Event.Parameter it -> parameter(it.run(), it.key(), it.value());
            case Event.Tag it -> tag(it.run(), it.key(), it.value());
            case Event.Metric it -> MetricRows.add(database, it);
            case Event.Dataset it -> DatasetRows.add(database, it);
            case Event.Artifact it -> artifact(it);
            case Event.End it -> end(it);
        }
    }

    private void start(RunInfo info) throws SQLException {
        String artifacts = uri(info.directory());
        if (artifacts.length() > ARTIFACT_URI) {
            notice.accept("the run's folder has an address of more than " + ARTIFACT_URI
                    + " characters; SQLite keeps it, other databases of MLflow would not: " + artifacts);
        }
        Map<String, String> tags = info.allTags();
        database.update(
                """
                INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status,
                    start_time, source_version, lifecycle_stage, artifact_uri, experiment_id)
                VALUES (?, ?, 'LOCAL', ?, '', ?, 'RUNNING', ?, ?, 'active', ?, ?)
                ON CONFLICT (run_uuid) DO UPDATE SET name = excluded.name, status = 'RUNNING', end_time = NULL,
                    lifecycle_stage = 'active', deleted_time = NULL, artifact_uri = excluded.artifact_uri""",
                info.id(),
                info.name(),
                tags.get(RunInfo.SOURCE),
                tags.get("mlflow.user"),
                info.time(),
                tags.getOrDefault(RunInfo.COMMIT, ""),
                artifacts,
                ExperimentRows.id(database, info));
        for (Map.Entry<String, String> entry : tags.entrySet()) {
            tag(info.id(), entry.getKey(), entry.getValue());
        }
        for (Map.Entry<String, String> entry : info.parameters().entrySet()) {
            parameter(info.id(), entry.getKey(), entry.getValue());
        }
        tag(info.id(), Owner.TAG, Owner.now().text());
        running.add(info.id());
    }

    private void parameter(String run, String key, String value) throws SQLException {
        database.update(
                "INSERT INTO params (key, value, run_uuid) VALUES (?, ?, ?)"
                        + " ON CONFLICT (key, run_uuid) DO UPDATE SET value = excluded.value",
                key,
                value,
                run);
    }

    private void tag(String run, String key, String value) throws SQLException {
        database.update(
                "INSERT INTO tags (key, value, run_uuid) VALUES (?, ?, ?)"
                        + " ON CONFLICT (key, run_uuid) DO UPDATE SET value = excluded.value",
                key,
                value,
                run);
    }

    private void artifact(Event.Artifact artifact) throws SQLException {
        Object uri = database.value("SELECT artifact_uri FROM runs WHERE run_uuid = ?", artifact.run());
        if (uri == null) {
            throw new IllegalArgumentException("there is no such run");
        }
        try {
            new ArtifactFolder(Path.of(URI.create(uri.toString()))).add(artifact.path(), artifact.file());
        } catch (IOException e) {
            throw new IllegalArgumentException("artifact " + artifact.path() + ": " + e, e);
        }
    }

    private void end(Event.End end) throws SQLException {
        database.update(
                "UPDATE runs SET status = ?, end_time = ? WHERE run_uuid = ?",
                end.status().name(),
                end.time(),
                end.run());
        database.update("DELETE FROM tags WHERE run_uuid = ? AND key = ?", end.run(), Owner.TAG);
        running.remove(end.run());
    }

    /** The address MLflow keeps for a folder: absolute, escaped, without a slash at its end. */
    static String uri(Path folder) {
        String uri = folder.toUri().toString();
        return uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
    }
}
