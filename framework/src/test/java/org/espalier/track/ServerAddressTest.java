package org.espalier.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerAddressTest {
    private static final String CANARY = "canary7f3a";

    @TempDir
    Path reports;

    private final List<String> notices = Collections.synchronizedList(new ArrayList<>());

    @Test
    void takesServersOnly() {
        for (String no : List.of("", "sqlite:///x.db", "file:/x", "./mlruns", "databricks", "http:///x", "ht tp://x")) {
            assertThat(ServerAddress.of(Map.of("MLFLOW_TRACKING_URI", no)))
                    .as(no)
                    .isEmpty();
        }
        ServerAddress address = ServerAddress.of(Map.of("MLFLOW_TRACKING_URI", "https://u:p@host:5000/path/"))
                .orElseThrow();
        assertThat(address.base()).isEqualTo("https://host:5000/path").hasToString(address.toString());
        assertThat(address.authorization()).contains("Basic " + base64("u:p"));
    }

    @Test
    void redactsUsers() {
        assertThat(ServerAddress.redact("http://u:p@host/x")).isEqualTo("http://host/x");
        Tracking.open(reports, Map.of("MLFLOW_TRACKING_URI", "ftp://u:secret@host/x"), notices::add)
                .close();
        assertThat(notices)
                .hasSize(1)
                .first()
                .asString()
                .contains("ftp://host/x")
                .doesNotContain("secret");
    }

    @Test
    void credentialsReachTheServerAndNothingElse() throws IOException {
        for (String way : List.of("userinfo", "variables", "token", "refused")) {
            notices.clear();
            try (FakeMlflow server = new FakeMlflow()) {
                Map<String, String> environment = new HashMap<>();
                environment.put("MLFLOW_TRACKING_URI", server.address());
                switch (way) {
                    case "userinfo" ->
                        environment.put(
                                "MLFLOW_TRACKING_URI",
                                server.address().replace("http://", "http://" + CANARY + ":" + CANARY + "@"));
                    case "token" -> environment.put("MLFLOW_TRACKING_TOKEN", CANARY);
                    default -> {
                        environment.put("MLFLOW_TRACKING_USERNAME", CANARY);
                        environment.put("MLFLOW_TRACKING_PASSWORD", CANARY);
                    }
                }
                if (way.equals("refused")) {
                    server.fault(FakeMlflow.Fault.ERROR_500, Integer.MAX_VALUE);
                }
                try (Tracker tracker = Tracking.open(reports, environment, notices::add)) {
                    Tracker.Run run = tracker.start(RunInfo.of(RunInfo.id(way), "e", "r", reports.resolve("runs/e/r")));
                    run.metric("loss", 1, 1);
                    run.artifact("x.txt", Files.writeString(reports.resolve("x.txt"), "text"));
                    run.end(RunStatus.FINISHED);
                }
                String expected = way.equals("token") ? "Bearer " + CANARY : "Basic " + base64(CANARY + ":" + CANARY);
                assertThat(server.authorizations).isNotEmpty().containsOnly(expected);
            }
            assertThat(notices).noneMatch(line -> line.contains(CANARY));
        }
        String encoded = base64(CANARY + ":" + CANARY);
        int files = 0;
        try (Stream<Path> all = Files.walk(reports).filter(Files::isRegularFile)) {
            for (Path file : all.toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertThat(text).as(file.toString()).doesNotContain(CANARY, encoded);
                files++;
            }
        }
        System.out.printf("credentials: 4 ways, %d files searched, 0 hits%n", files);
        assertThat(files).isGreaterThan(2);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
