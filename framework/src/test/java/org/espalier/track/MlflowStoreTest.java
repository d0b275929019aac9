package org.espalier.track;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real MLflow opens the local store without being asked to upgrade it, and shows what was logged. */
@Tag("mlflow")
class MlflowStoreTest {
    @TempDir
    Path folder;

    private final List<String> notices = Collections.synchronizedList(new ArrayList<>());
    private final String parent = RunInfo.id("key");
    private final String child = RunInfo.id("key", "seed-1");
    private Path reports;
    private Path directory;
    private Path database;

    @BeforeEach
    void paths() throws IOException {
        reports = folder.resolve("my reports");
        directory = Files.createDirectories(reports.resolve("runs/lottery/0123456789ab"));
        database = reports.resolve("mlflow.db");
        Files.writeString(directory.resolve("report.html"), "<p>the report</p>");
        Files.createDirectories(directory.resolve("model"));
        Files.writeString(directory.resolve("model/seed-1.safetensors"), "weights");
    }

    private Tracker open() {
        return Tracking.open(reports, Map.of(), notices::add);
    }

    private void writeSample() {
        try (Tracker tracker = open()) {
            Tracker.Run top = tracker.start(RunInfo.of(parent, "lottery", "lottery", directory)
                    .withParameters(Map.of("repeat.times", "4", "long", "x".repeat(7000)))
                    .withTag(RunInfo.COMMIT, "abc")
                    .withTag(RunInfo.NOTE, "# A note"));
            Tracker.Run seed = tracker.start(
                    RunInfo.of(child, "lottery", "seed-1", directory).childOf(parent));
            for (int step = 100; step <= 500; step += 100) {
                seed.metric("train.0/valid.loss", step, 1.0 / step, 1_700_000_000_000L + step);
            }
            seed.metric("train.0/rate", 1, Double.NaN, 1_700_000_000_000L);
            seed.metric("train.0/norm", 1, Double.NEGATIVE_INFINITY, 1_700_000_000_000L);
            seed.dataset(new DatasetInfo("mnist/train", "d".repeat(64), "training", "https://example.org", 55_000));
            seed.end(RunStatus.FINISHED);
            top.end(RunStatus.KILLED);
        }
        assertThat(notices).isEmpty();
    }

    private void check(JsonNode store) {
        JsonNode top = RealMlflow.run(store, "lottery");
        JsonNode seed = RealMlflow.run(store, "seed-1");
        assertThat(store.get("runs")).hasSize(2);
        assertThat(top.get("id").asText()).isEqualTo(parent);
        assertThat(top.get("experiment").asText()).isEqualTo("lottery");
        assertThat(top.get("status").asText()).isEqualTo("KILLED");
        assertThat(top.get("parameters").get("repeat.times").asText()).isEqualTo("4");
        assertThat(top.get("parameters").get("long").asText()).hasSize(6000);
        assertThat(top.get("tags").get("mlflow.source.git.commit").asText()).isEqualTo("abc");
        assertThat(top.get("tags").get("mlflow.note.content").asText()).isEqualTo("# A note");
        assertThat(seed.get("status").asText()).isEqualTo("FINISHED");
        assertThat(seed.get("tags").get("mlflow.parentRunId").asText()).isEqualTo(parent);
        JsonNode loss = seed.get("metrics").get("train.0/valid.loss");
        assertThat(loss).hasSize(5);
        for (int i = 0; i < 5; i++) {
            int step = 100 * (i + 1);
            assertThat(loss.get(i).get(0).asInt()).isEqualTo(step);
            assertThat(Double.parseDouble(loss.get(i).get(1).asText())).isEqualTo(1.0 / step);
            assertThat(loss.get(i).get(2).asLong()).isEqualTo(1_700_000_000_000L + step);
        }
        assertThat(Double.parseDouble(
                        seed.get("latest").get("train.0/valid.loss").asText()))
                .isEqualTo(1.0 / 500);
        assertThat(seed.get("latest").get("train.0/rate").asText()).isEqualTo("nan");
        assertThat(seed.get("latest").get("train.0/norm").asText()).startsWith("-1.797");
        assertThat(seed.get("datasets").toString())
                .isEqualTo("[[\"mnist/train\",\"" + "d".repeat(32) + "\",\"training\"]]");
        assertThat(seed.get("artifacts").toString()).isEqualTo("[\"model/seed-1.safetensors\",\"report.html\"]");
    }

    @Test
    void clientReadsEverything() throws IOException, InterruptedException, SQLException {
        writeSample();
        TestDatabase own = new TestDatabase(database);
        assertThat(own.rows("SELECT * FROM alembic_version")).containsExactly(MlflowDatabase.REVISION);
        JsonNode store = RealMlflow.read(RealMlflow.uri(database));
        check(store);
        String revision = own.rows("SELECT * FROM alembic_version").getFirst();
        // An MLflow that is newer than the schema may have migrated the file; runs are written to it all the same.
        try (Tracker tracker = open()) {
            Tracker.Run later = tracker.start(RunInfo.of(RunInfo.id("later"), "second", "later", directory));
            later.metric("loss", 1, 0.5);
            later.dataset(new DatasetInfo("mnist/test", "e".repeat(64), "evaluation", "https://example.org", 10_000));
            later.end(RunStatus.FINISHED);
        }
        assertThat(notices).isEmpty();
        JsonNode again = RealMlflow.read(RealMlflow.uri(database));
        assertThat(again.get("runs")).hasSize(3);
        assertThat(RealMlflow.run(again, "later").get("latest").get("loss").asText())
                .isEqualTo("0.5");
        assertThat(RealMlflow.run(again, "later").get("datasets")).hasSize(1);
        System.out.printf(
                "MLflow %s read the store: schema %s as written, %s afterwards; 2 runs, 7 points, 1 data set and 4"
                        + " artifacts equal; a run written afterwards is read too%n",
                store.get("version").asText(), MlflowDatabase.REVISION, revision);
    }

    @Test
    void pagesOfTheServerShowTheRuns() throws IOException, InterruptedException {
        writeSample();
        try (RealMlflow server = new RealMlflow(folder, "--backend-store-uri", RealMlflow.uri(database))) {
            server.start();
            assertThat(server.get("/").statusCode()).isEqualTo(200);
            JsonNode runs =
                    server.post("runs/search", "{\"experiment_ids\": [\"1\"]}").get("runs");
            assertThat(runs).hasSize(2);
            List<String> names = new ArrayList<>();
            runs.forEach(run -> names.add(run.get("info").get("run_name").asText()));
            assertThat(names).containsExactlyInAnyOrder("lottery", "seed-1");
            HttpResponse<String> report = server.get("/get-artifact?path=report.html&run_uuid=" + parent);
            assertThat(report.statusCode()).isEqualTo(200);
            assertThat(report.body()).isEqualTo("<p>the report</p>");
            HttpResponse<String> history = server.get(
                    "/api/2.0/mlflow/metrics/get-history?run_id=" + child + "&metric_key=train.0%2Fvalid.loss");
            assertThat(MlflowJson.tree(history.body()).get("metrics")).hasSize(5);
        }
        System.out.println("mlflow server on the store: page, run list, history and report fetched");
    }

    @Test
    void aRunGoesOnWhileMlflowReadsTheFile() throws IOException, InterruptedException, SQLException {
        int points = 40_000;
        JsonNode during;
        try (Tracker tracker = open()) {
            Tracker.Run run = tracker.start(RunInfo.of(parent, "lottery", "busy", directory));
            tracker.flush();
            Thread loop = Thread.ofPlatform().start(() -> {
                for (int step = 0; step < points; step++) {
                    run.metric("loss", step, step);
                    if (step % 4 == 0) {
                        pause();
                    }
                }
            });
            during = RealMlflow.read(RealMlflow.uri(database));
            loop.join();
            run.end(RunStatus.FINISHED);
        }
        assertThat(during.get("runs")).hasSize(1);
        TestDatabase own = new TestDatabase(database);
        assertThat(own.rows("SELECT count(*), count(DISTINCT step) FROM metrics"))
                .containsExactly(points + "|" + points);
        assertThat(own.rows("SELECT status FROM runs")).containsExactly("FINISHED");
        assertThat(notices).isEmpty();
        JsonNode after = RealMlflow.read(RealMlflow.uri(database));
        assertThat(RealMlflow.run(after, "busy").get("metrics").get("loss")).hasSize(points);
        System.out.printf("read by MLflow while a run wrote: %d points, each once%n", points);
    }

    private static void pause() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
