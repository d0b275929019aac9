package org.espalier.track;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The MLflow of the virtual environment that {@code framework/src/test/mlflow/run.sh} makes. */
final class RealMlflow implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Path folder;
    private final List<String> storage;
    private final int port;
    private Process process;

    /** A server on the loopback interface, not yet started. */
    RealMlflow(Path folder, String... storage) throws IOException {
        this.folder = folder;
        this.storage = List.of(storage);
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
    }

    static Path python() {
        String python = System.getProperty("mlflow.python");
        if (python == null) {
            throw new IllegalStateException("these tests are started by framework/src/test/mlflow/run.sh");
        }
        return Path.of(python);
    }

    static String uri(Path database) {
        return "sqlite:///" + database;
    }

    /** What MLflow's own client finds in a store. */
    static JsonNode read(String store) throws IOException, InterruptedException {
        Path script = Path.of("src/test/mlflow/read_store.py").toAbsolutePath();
        Process process = new ProcessBuilder(python().toString(), script.toString(), store)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("read_store.py failed: " + out);
        }
        return MlflowJson.tree(out);
    }

    static JsonNode run(JsonNode store, String name) {
        for (JsonNode run : store.get("runs")) {
            if (run.get("name").asText().equals(name)) {
                return run;
            }
        }
        throw new IllegalArgumentException("MLflow shows no run " + name);
    }

    void start() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                python().resolveSibling("mlflow").toString(),
                "server",
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--workers",
                "1"));
        command.addAll(storage);
        process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("server.log").toFile()))
                .start();
        for (int i = 0; i < 1500; i++) {
            try {
                if (get("/health").statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                Thread.sleep(200);
            }
            if (!process.isAlive()) {
                break;
            }
        }
        kill();
        throw new IOException("mlflow server did not start: " + Files.readString(folder.resolve("server.log")));
    }

    /** kill -9 of the server and its workers. */
    void kill() throws InterruptedException {
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    String address() {
        return "http://127.0.0.1:" + port;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(address() + path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    JsonNode post(String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address() + "/api/2.0/mlflow/" + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(answer.statusCode() + " " + answer.body());
        }
        return MlflowJson.tree(answer.body());
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
