package org.espalier.track;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * As much of a tracking server as the client asks for, with faults to order. It keeps every point it is sent, also
 * twice, unlike MLflow's SQL store.
 */
final class FakeMlflow implements AutoCloseable {
    enum Fault {
        NONE,
        SILENT,
        ERROR_500,
        BUSY_429,
        SLOW,
        /** Takes a batch of points and breaks the connection instead of answering. */
        DROPS_ANSWER
    }

    static final ObjectMapper JSON = new ObjectMapper();
    final Map<String, List<String>> points = new ConcurrentHashMap<>();
    final Map<String, Map<String, String>> tags = new ConcurrentHashMap<>();
    final Map<String, Map<String, String>> parameters = new ConcurrentHashMap<>();
    final Map<String, String> status = new ConcurrentHashMap<>();
    final Map<String, String> artifacts = new ConcurrentHashMap<>();
    final List<String> datasets = new ArrayList<>();
    final List<String> authorizations = new ArrayList<>();
    final AtomicInteger requests = new AtomicInteger();
    /** How many requests the fault still strikes. */
    final AtomicInteger strikes = new AtomicInteger();

    private final Map<String, String> experiments = new LinkedHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile Fault fault = Fault.NONE;
    private HttpServer server;
    private int port;

    FakeMlflow() throws IOException {
        start();
    }

    /** Begins to listen, on the same port as before. */
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        port = server.getAddress().getPort();
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** The process is gone: connections are refused. */
    void die() {
        server.stop(0);
    }

    void fault(Fault next, int times) {
        fault = next;
        strikes.set(times);
    }

    String address() {
        return "http://127.0.0.1:" + port;
    }

    /** All points as {@code ourRun|key|step}, as often as they arrived. */
    List<String> received() {
        List<String> all = new ArrayList<>();
        points.forEach((run, of) -> of.forEach(p -> all.add(tags.get(run).get(MlflowServer.RUN_TAG) + "|" + p)));
        return all;
    }

    String remote(String run) {
        return tags.entrySet().stream()
                .filter(it -> run.equals(it.getValue().get(MlflowServer.RUN_TAG)))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        String sent = exchange.getRequestHeaders().getFirst("Authorization");
        synchronized (authorizations) {
            authorizations.add(String.valueOf(sent));
        }
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean meant =
                    fault != Fault.DROPS_ANSWER || new String(body, StandardCharsets.UTF_8).contains("\"metrics\"");
            Fault now = meant && strikes.getAndUpdate(n -> Math.max(0, n - 1)) > 0 ? fault : Fault.NONE;
            switch (now) {
                case SILENT -> pause(60_000);
                case ERROR_500 -> answer(exchange, 500, "{\"error_code\": \"INTERNAL_ERROR\"}");
                case BUSY_429 -> answer(exchange, 429, "{}");
                case SLOW -> {
                    pause(2_000);
                    serve(exchange, body);
                }
                case DROPS_ANSWER -> act(exchange, body);
                case NONE -> serve(exchange, body);
            }
        }
    }

    private void serve(HttpExchange exchange, byte[] body) throws IOException {
        String answer = act(exchange, body);
        answer(exchange, answer == null ? 404 : 200, answer == null ? "{\"error_code\": \"NONE\"}" : answer);
    }

    private synchronized String act(HttpExchange exchange, byte[] body) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String file = "/api/2.0/mlflow-artifacts/artifacts/";
        if (path.startsWith(file)) {
            artifacts.put(path.substring(file.length()), new String(body, StandardCharsets.UTF_8));
            return "{}";
        }
        JsonNode request = body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
        String run = request.path("run_id").asText();
        return switch (path.replace("/api/2.0/mlflow/", "")) {
            case "/health" -> "OK";
            case "experiments/get-by-name" -> experiment(query(exchange, "experiment_name"));
            case "experiments/create" -> {
                String id = experiments.computeIfAbsent(
                        request.get("name").asText(), name -> "" + (experiments.size() + 1));
                yield "{\"experiment_id\": \"" + id + "\"}";
            }
            case "runs/create" -> create(request);
            case "runs/search" -> search(request.path("filter").asText());
            case "runs/log-batch" -> batch(run, request);
            case "runs/update" -> {
                status.put(run, request.path("status").asText());
                yield "{}";
            }
            case "runs/set-tag" -> {
                tags.get(run)
                        .put(request.get("key").asText(), request.get("value").asText());
                yield "{}";
            }
            case "runs/log-inputs" -> {
                datasets.add(request.toString());
                yield "{}";
            }
            case "metrics/get-history" -> history(query(exchange, "run_id"), query(exchange, "metric_key"));
            default -> null;
        };
    }

    private String experiment(String name) {
        String id = experiments.get(name);
        return id == null
                ? null
                : "{\"experiment\": {\"experiment_id\": \"%s\", \"lifecycle_stage\": \"active\"}}".formatted(id);
    }

    private String create(JsonNode request) {
        String id = "%032x".formatted(0xabc000 + tags.size());
        Map<String, String> of = new ConcurrentHashMap<>();
        request.path("tags")
                .forEach(t -> of.put(t.get("key").asText(), t.get("value").asText()));
        tags.put(id, of);
        points.put(id, new ArrayList<>());
        parameters.put(id, new ConcurrentHashMap<>());
        status.put(id, "RUNNING");
        return "{\"run\": " + run(id) + "}";
    }

    private static String run(String id) {
        return "{\"info\": {\"run_id\": \"%1$s\", \"artifact_uri\": \"mlflow-artifacts:/1/%1$s/artifacts\"}}"
                .formatted(id);
    }

    private String search(String filter) {
        String wanted = filter.replaceAll(".*'(.*)'", "$1");
        List<String> found = tags.entrySet().stream()
                .filter(it -> wanted.equals(it.getValue().get(MlflowServer.RUN_TAG)))
                .map(it -> run(it.getKey()))
                .toList();
        return "{\"runs\": [" + String.join(",", found) + "]}";
    }

    private String batch(String run, JsonNode request) {
        request.path("metrics")
                .forEach(m -> points.get(run)
                        .add(m.get("key").asText() + "|" + m.path("step").asLong()));
        request.path("params")
                .forEach(p -> parameters
                        .get(run)
                        .put(p.get("key").asText(), p.get("value").asText()));
        return "{}";
    }

    private String history(String run, String key) {
        List<String> found = points.get(run).stream()
                .filter(p -> p.startsWith(key + "|"))
                .map(p -> "{\"key\": \"%s\", \"value\": 0, \"timestamp\": 1, \"step\": %s}"
                        .formatted(key, p.substring(key.length() + 1)))
                .toList();
        return "{\"metrics\": [" + String.join(",", found) + "]}";
    }

    private static String query(HttpExchange exchange, String name) {
        for (String pair : exchange.getRequestURI().getQuery().split("&")) {
            if (pair.startsWith(name + "=")) {
                return pair.substring(name.length() + 1);
            }
        }
        throw new IllegalArgumentException(name);
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        die();
        threads.shutdownNow();
    }
}
