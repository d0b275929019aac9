package org.espalier.track;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real MLflow server receives runs, also when it is killed in their middle. */
@Tag("mlflow")
class MlflowServerTest {
    private static final int STEPS = 5_000;

    @TempDir
    Path folder;

    private final List<String> notices = Collections.synchronizedList(new ArrayList<>());

    private RealMlflow server() throws IOException {
        Path store = Files.createDirectories(folder.resolve("server"));
        return new RealMlflow(store, "--backend-store-uri", RealMlflow.uri(store.resolve("server.db")));
    }

    @Test
    void receivesARunThatItsDeathDoesNotStop() throws IOException, InterruptedException {
        Path reports = folder.resolve("reports");
        Path directory = Files.createDirectories(reports.resolve("runs/lottery/x"));
        Path report = Files.writeString(directory.resolve("report.html"), "<p>the report</p>");
        try (RealMlflow server = server()) {
            server.start();
            Map<String, String> environment =
                    Map.of("MLFLOW_TRACKING_URI", server.address(), "MLFLOW_EXPERIMENT_NAME", "by environment");
            long loop;
            try (Tracker tracker = Tracking.open(reports, environment, notices::add)) {
                Tracker.Run top = tracker.start(RunInfo.of(RunInfo.id("top"), "lottery", "top", directory)
                        .withParameters(Map.of("repeat.times", "4"))
                        .withTag(RunInfo.NOTE, "# A note"));
                Tracker.Run seed = tracker.start(RunInfo.of(RunInfo.id("seed"), "lottery", "seed-1", directory)
                        .childOf(RunInfo.id("top")));
                seed.dataset(new DatasetInfo("mnist/train", "d".repeat(64), "training", "https://example.org", 55_000));
                top.artifact("report.html", report);
                long start = System.nanoTime();
                for (int step = 0; step < STEPS; step++) {
                    seed.metric("loss", step, 1.0 / (step + 1));
                    seed.metric("rate", step, step % 7 == 0 ? Double.NaN : 0.1);
                    if (step % 500 == 0) {
                        Thread.sleep(400);
                    }
                    if (step == STEPS / 2) {
                        waitForDelivery(reports);
                        server.kill();
                    }
                }
                loop = (System.nanoTime() - start) / 1_000_000;
                seed.end(RunStatus.FINISHED);
                top.end(RunStatus.FINISHED);
            }
            assertThat(notices).anyMatch(n -> n.contains("`espalier sync` will deliver them"));
            server.start();
            int before = points(RealMlflow.read(server.address()));
            assertThat(before).isBetween(1, 2 * STEPS - 1);
            Sync.Outcome outcome = Sync.run(reports, environment, notices::add);
            assertThat(outcome.complete()).isTrue();
            assertThat(outcome.refused()).isZero();
            JsonNode store = RealMlflow.read(server.address());
            check(store);
            JsonNode local = RealMlflow.read(RealMlflow.uri(reports.resolve("mlflow.db")));
            for (String key : List.of("loss", "rate")) {
                assertThat(RealMlflow.run(store, "seed-1").get("metrics").get(key))
                        .isEqualTo(
                                RealMlflow.run(local, "seed-1").get("metrics").get(key));
            }
            String top = RealMlflow.run(store, "top").get("id").asText();
            HttpResponse<String> sent = server.get("/get-artifact?path=report.html&run_uuid=" + top);
            assertThat(sent.body()).isEqualTo("<p>the report</p>");
            try (Stream<Path> spools = Files.list(reports.resolve("spool"))) {
                assertThat(spools).isEmpty();
            }
            assertThat(Sync.run(reports, environment, notices::add).sent()).isZero();
            System.out.printf(
                    "MLflow %s killed in mid-run: logged %d, at the server before sync %d, after it %d, none twice,"
                            + " none differs from the local store; loop %d ms with its waiting%n",
                    store.get("version").asText(), 2 * STEPS, before, points(store), loop);
        }
    }

    /** Until the server has taken some points, but not yet all that were logged. */
    private static void waitForDelivery(Path reports) throws IOException, InterruptedException {
        try (Stream<Path> files = Files.list(reports.resolve("spool"))) {
            Path spool = files.filter(file -> file.toString().endsWith(Spool.SUFFIX))
                    .findFirst()
                    .orElseThrow();
            for (int i = 0; i < 3_000 && SpoolState.read(spool).offset < 100_000; i++) {
                Thread.sleep(20);
            }
        }
    }

    private static int points(JsonNode store) {
        int count = 0;
        for (JsonNode run : store.get("runs")) {
            for (JsonNode curve : run.get("metrics")) {
                count += curve.size();
            }
        }
        return count;
    }

    private static void check(JsonNode store) {
        assertThat(store.get("runs")).hasSize(2);
        JsonNode top = RealMlflow.run(store, "top");
        JsonNode seed = RealMlflow.run(store, "seed-1");
        assertThat(top.get("experiment").asText()).isEqualTo("by environment");
        assertThat(top.get("status").asText()).isEqualTo("FINISHED");
        assertThat(top.get("parameters").get("repeat.times").asText()).isEqualTo("4");
        assertThat(top.get("tags").get("mlflow.note.content").asText()).isEqualTo("# A note");
        assertThat(top.get("artifacts").toString()).isEqualTo("[\"report.html\"]");
        assertThat(seed.get("status").asText()).isEqualTo("FINISHED");
        assertThat(seed.get("tags").get("mlflow.parentRunId").asText())
                .isEqualTo(top.get("id").asText());
        assertThat(seed.get("datasets").toString())
                .isEqualTo("[[\"mnist/train\",\"" + "d".repeat(32) + "\",\"training\"]]");
        JsonNode loss = seed.get("metrics").get("loss");
        assertThat(loss).hasSize(STEPS);
        for (int step = 0; step < STEPS; step++) {
            assertThat(loss.get(step).get(0).asInt()).isEqualTo(step);
            assertThat(Double.parseDouble(loss.get(step).get(1).asText())).isEqualTo(1.0 / (step + 1));
        }
        assertThat(seed.get("metrics").get("rate")).hasSize(STEPS);
    }
}
