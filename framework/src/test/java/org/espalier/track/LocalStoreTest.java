package org.espalier.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStoreTest {
    @TempDir
    Path folder;

    private final List<String> notices = Collections.synchronizedList(new ArrayList<>());
    private final String parent = RunInfo.id("key");
    private final String child = RunInfo.id("key", "seed-1");
    private Path reports;
    private Path directory;
    private TestDatabase database;

    @BeforeEach
    void paths() {
        reports = folder.resolve("my reports");
        directory = reports.resolve("runs/lottery/0123456789ab");
        database = new TestDatabase(reports.resolve("mlflow.db"));
    }

    private Tracker open() {
        return LocalStore.tracker(reports.resolve("mlflow.db"), notices::add);
    }

    private RunInfo info(String id, String name) {
        return RunInfo.of(id, "lottery", name, directory);
    }

    @Test
    void twoRunsWriteOneStoreSideBySide() throws SQLException {
        try (Tracker first = open();
                Tracker second = open()) {
            Tracker.Run one = first.start(info(parent, "lottery"));
            Tracker.Run two = second.start(info(child, "seed-1"));
            for (int step = 1; step <= 3; step++) {
                one.metric("loss", step, 1.0 / step, step);
                assertThat(first.flush()).isTrue();
                two.metric("loss", step, 2.0 / step, step);
                assertThat(second.flush()).isTrue();
            }
        }
        assertThat(notices).isEmpty();
        assertThat(database.rows("SELECT run_uuid, count(*) FROM metrics GROUP BY run_uuid"))
                .containsExactlyInAnyOrder(parent + "|3", child + "|3");
    }

    @Test
    void writesRunsWithAllThatMlflowShows() throws SQLException, IOException {
        Files.createDirectories(directory);
        Path report = Files.writeString(directory.resolve("report.html"), "<p>");
        Path elsewhere = Files.writeString(folder.resolve("loose.txt"), "text");
        try (Tracker tracker = open()) {
            Tracker.Run top = tracker.start(info(parent, "lottery")
                    .withParameters(Map.of("repeat.times", "4", "model", "x".repeat(7000)))
                    .withTag(RunInfo.COMMIT, "abc")
                    .withTag(RunInfo.NOTE, "# note"));
            Tracker.Run seed = tracker.start(info(child, "seed-1").childOf(parent));
            seed.metric("train.0/valid.loss", 100, 0.5, 1_000);
            seed.metric("train.0/valid.loss", 200, 0.25, 2_000);
            seed.metric("train.0/rate", 200, Double.NaN, 2_000);
            seed.metric("train.0/rate", 100, Double.POSITIVE_INFINITY, 1_000);
            seed.metric("odd: name%", 1, 1, 1_000);
            seed.dataset(new DatasetInfo("mnist/train", "f".repeat(64), "training", "https://example.org", 55_000));
            top.artifact("report.html", report);
            top.artifact("extra/loose.txt", elsewhere);
            top.tag("espalier.verdict", "good");
            seed.end(RunStatus.FINISHED);
            top.end(RunStatus.KILLED);
        }
        assertThat(notices).isEmpty();
        assertThat(database.rows("SELECT version_num FROM alembic_version")).containsExactly(MlflowDatabase.REVISION);
        assertThat(database.rows("SELECT experiment_id, name, lifecycle_stage FROM experiments"))
                .containsExactlyInAnyOrder("0|Default|active", "1|lottery|active");
        assertThat(database.rows("SELECT name, status, artifact_uri, experiment_id, end_time >= start_time FROM runs"))
                .containsExactlyInAnyOrder(
                        "lottery|KILLED|" + LocalStore.uri(directory) + "|1|1",
                        "seed-1|FINISHED|" + LocalStore.uri(directory) + "|1|1");
        assertThat(LocalStore.uri(directory)).startsWith("file:///").contains("my%20reports");
        assertThat(database.rows("SELECT key, value, timestamp, step, is_nan FROM metrics ORDER BY key, step"))
                .containsExactly(
                        "odd_ name_|1.0|1000|1|0",
                        "train.0/rate|1.7976931348623157E308|1000|100|0",
                        "train.0/rate|0.0|2000|200|1",
                        "train.0/valid.loss|0.5|1000|100|0",
                        "train.0/valid.loss|0.25|2000|200|0");
        assertThat(database.rows("SELECT key, value, step, is_nan FROM latest_metrics ORDER BY key"))
                .containsExactly("odd_ name_|1.0|1|0", "train.0/rate|0.0|200|1", "train.0/valid.loss|0.25|200|0");
        assertThat(database.rows("SELECT key, value FROM tags WHERE run_uuid = '" + child + "'"))
                .contains("mlflow.parentRunId|" + parent, "mlflow.runName|seed-1", "mlflow.source.type|LOCAL")
                .noneMatch(row -> row.startsWith(Owner.TAG));
        assertThat(database.rows("SELECT key, value FROM tags WHERE run_uuid = '" + parent + "'"))
                .contains("mlflow.source.git.commit|abc", "mlflow.note.content|# note", "espalier.verdict|good");
        assertThat(database.rows("SELECT key, length(value) FROM params ORDER BY key"))
                .containsExactly("model|6000", "repeat.times|1");
        assertThat(database.rows("SELECT d.name, d.digest, t.value, d.dataset_profile FROM datasets d"
                        + " JOIN inputs i ON i.source_id = d.dataset_uuid JOIN input_tags t USING (input_uuid)"
                        + " WHERE i.destination_id = '" + child + "'"))
                .containsExactly("mnist/train|" + "f".repeat(32) + "|training|{\"num_rows\":55000}");
        assertThat(directory.resolve("extra/loose.txt")).hasContent("text");
    }

    @Test
    void resumedRunContinuesAndHasEachPointOnce() throws SQLException {
        int perKey = 2_000;
        try (Tracker tracker = open()) {
            Tracker.Run run = tracker.start(info(parent, "lottery"));
            log(run, 0, perKey, 1);
            assertThat(tracker.flush()).isTrue();
        }
        assertThat(database.rows("SELECT status FROM runs")).containsExactly("RUNNING");
        try (Tracker tracker = open()) {
            Tracker.Run run = tracker.start(info(parent, "lottery"));
            log(run, perKey / 2, perKey + 500, 2);
            run.end(RunStatus.FINISHED);
        }
        assertThat(notices).isEmpty();
        assertThat(database.rows("SELECT count(*), count(DISTINCT key || '@' || step) FROM metrics"))
                .containsExactly(2 * (perKey + 500) + "|" + 2 * (perKey + 500));
        assertThat(database.rows("SELECT count(*), min(step), max(step) FROM metrics WHERE value = 1"))
                .containsExactly(perKey + "|0|" + (perKey / 2 - 1));
        assertThat(database.rows("SELECT key, value, step FROM latest_metrics ORDER BY key"))
                .containsExactly("loss|2.0|" + (perKey + 499), "rate|2.0|" + (perKey + 499));
        assertThat(database.rows("SELECT status, count(*) FROM runs")).containsExactly("FINISHED|1");
        System.out.printf(
                "resume: %d points logged, %d of them twice, %d in the store%n",
                2 * (perKey + 500 + perKey / 2), perKey, 2 * (perKey + 500));
    }

    private static void log(Tracker.Run run, int from, int to, double value) {
        for (int step = from; step < to; step++) {
            run.metric("loss", step, value);
            run.metric("rate", step, value);
        }
    }

    @Test
    void runOfADeadProcessBecomesFailed() throws SQLException {
        try (Tracker tracker = open()) {
            tracker.start(info(parent, "dead"));
            tracker.start(info(child, "alive"));
        }
        Owner here = Owner.now();
        Owner reused = new Owner(here.host(), here.pid(), here.started() - 60_000, 77);
        database.update("UPDATE tags SET value = '" + reused.text() + "' WHERE key = '" + Owner.TAG
                + "' AND run_uuid = '" + parent + "'");
        try (Tracker tracker = open()) {
            tracker.start(info(RunInfo.id("other"), "other")).end(RunStatus.FINISHED);
        }
        assertThat(database.rows("SELECT name, status, end_time FROM runs WHERE name != 'other' ORDER BY name"))
                .containsExactly("alive|RUNNING|null", "dead|FAILED|77");
    }

    @Test
    void silenceTellsOnlyOfOtherMachines() {
        long now = System.currentTimeMillis();
        assertThat(new Owner("elsewhere", 1, 0, now - 121_000).dead()).isTrue();
        assertThat(new Owner("elsewhere", 1, 0, now - 60_000).dead()).isFalse();
        Owner here = Owner.now();
        assertThat(new Owner(here.host(), here.pid(), here.started(), 0).dead()).isFalse();
        assertThat(new Owner(here.host(), 1 << 30, here.started(), now).dead()).isTrue();
    }

    @Test
    void artifactFoldersFollowWhenTheReportsAreMoved() throws SQLException, IOException {
        try (Tracker tracker = open()) {
            tracker.start(info(parent, "lottery")).end(RunStatus.FINISHED);
            tracker.start(RunInfo.of(child, "far", "far", folder.resolve("elsewhere/x")))
                    .end(RunStatus.FINISHED);
        }
        Path moved = folder.resolve("moved");
        Files.move(reports, moved);
        try (Tracker tracker = LocalStore.tracker(moved.resolve("mlflow.db"), notices::add)) {
            tracker.start(RunInfo.of(RunInfo.id("new"), "lottery", "new", moved.resolve("runs/lottery/new")));
        }
        TestDatabase after = new TestDatabase(moved.resolve("mlflow.db"));
        String home = LocalStore.uri(moved);
        assertThat(after.rows("SELECT artifact_uri FROM runs"))
                .containsExactlyInAnyOrder(
                        home + "/runs/lottery/0123456789ab",
                        LocalStore.uri(folder.resolve("elsewhere/x")),
                        home + "/runs/lottery/new");
        assertThat(after.rows("SELECT artifact_location FROM experiments WHERE name != 'far'"))
                .containsExactly(home + "/runs/Default", home + "/runs/lottery");
    }

    @Test
    void refusesForeignDatabasesWithOneLineAndWithoutDelay() throws SQLException, IOException {
        Files.createDirectories(reports);
        database.update("CREATE TABLE mine (x)");
        long start = System.nanoTime();
        try (Tracker tracker = open()) {
            Tracker.Run run = tracker.start(info(parent, "lottery"));
            run.metric("loss", 1, 1);
            assertThat(tracker.flush()).isFalse();
            run.end(RunStatus.FINISHED);
        }
        assertThat((System.nanoTime() - start) / 1_000_000).isLessThan(3_000);
        assertThat(notices).hasSize(2);
        assertThat(notices.get(0)).contains("not one of MLflow's");
        assertThat(notices.get(1)).contains("3 records did not reach mlflow.db");
        assertThat(database.rows("SELECT name FROM sqlite_master")).containsExactly("mine");
    }

    @Test
    void badArtifactsAndForeignRunsCostNothingElse() throws SQLException {
        try (Tracker tracker = open()) {
            Tracker.Run run = tracker.start(info(parent, "lottery"));
            run.metric("loss", 1, 1);
            run.artifact("gone.txt", folder.resolve("gone.txt"));
            run.artifact("../out.txt", folder.resolve("gone.txt"));
            run.metric("loss", 2, 1);
            run.end(RunStatus.FINISHED);
        }
        assertThat(notices)
                .hasSize(2)
                .anyMatch(n -> n.contains("gone.txt is not there"))
                .anyMatch(n -> n.contains("../out"));
        assertThat(database.rows("SELECT count(*) FROM metrics")).containsExactly("2");
        assertThat(database.rows("SELECT status FROM runs")).containsExactly("FINISHED");
    }

    @Test
    void loggingAPointCostsTheLoopLittle() throws SQLException {
        int points = 50_000;
        double nanos;
        try (Tracker tracker = open()) {
            Tracker.Run run = tracker.start(info(parent, "lottery"));
            for (int warm = 0; warm < 5_000; warm++) {
                run.metric("warm", warm, 0, 0);
            }
            tracker.flush();
            long start = System.nanoTime();
            for (int step = 0; step < points; step++) {
                run.metric("train.0/valid.loss", step, step, step);
            }
            nanos = (double) (System.nanoTime() - start) / points;
        }
        assertThat(database.rows("SELECT count(*) FROM metrics")).containsExactly(points + 5_000 + "");
        System.out.printf("logging: %d points, %.0f ns each%n", points, nanos);
        assertThat(nanos).isLessThan(20_000);
    }
}
