package org.espalier.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A headless Chromium, spoken to by its debugging protocol: opens a page and tells what the page tried. */
final class Browser implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> NOTED = Map.of(
            "Page.javascriptDialogOpening", "dialog",
            "Runtime.exceptionThrown", "error",
            "Network.requestWillBeSent", "request");

    private final Process process;
    private final WebSocket socket;
    private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
    private final List<JsonNode> events = new CopyOnWriteArrayList<>();
    private final String session;
    private int last;

    /** Starts the browser if this machine has one. */
    static Optional<Browser> start(Path profile) throws Exception {
        for (String name : List.of("chromium", "chromium-browser", "google-chrome")) {
            for (String folder : System.getenv("PATH").split(":")) {
                if (Files.isExecutable(Path.of(folder, name)))
                    return Optional.of(new Browser(Path.of(folder, name), profile));
            }
        }
        return Optional.empty();
    }

    private Browser(Path program, Path profile) throws Exception {
        process = new ProcessBuilder(
                        program.toString(),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--hide-scrollbars",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(
                        profile.resolveSibling(profile.getFileName() + ".log").toFile())
                .start();
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(address(profile), new Listener())
                .get(20, TimeUnit.SECONDS);
        String target = call("Target.createTarget", Map.of("url", "about:blank"), "")
                .path("targetId")
                .asText();
        session = call("Target.attachToTarget", Map.of("targetId", target, "flatten", true), "")
                .path("sessionId")
                .asText();
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) send(domain + ".enable", Map.of());
    }

    private URI address(Path profile) throws Exception {
        Path file = profile.resolve("DevToolsActivePort");
        for (int i = 0; i < 600 && process.isAlive(); i++) {
            List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
            if (lines.size() >= 2) return URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
            Thread.sleep(50);
        }
        throw new IOException("the browser did not start");
    }

    /** Sets the size of the screen and its colours. */
    void screen(int width, int height, boolean dark) throws Exception {
        send(
                "Emulation.setDeviceMetricsOverride",
                Map.of(
                        "width",
                        width,
                        "height",
                        height,
                        "deviceScaleFactor",
                        width < 500 ? 2 : 1,
                        "mobile",
                        width < 500));
        send(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** Opens a file and waits until it has drawn itself. */
    void open(Path file) throws Exception {
        events.clear();
        send("Page.navigate", Map.of("url", file.toAbsolutePath().toUri().toString()));
        for (int i = 0; i < 400; i++) {
            Thread.sleep(50);
            if (evaluate("document.readyState").asText().equals("complete")) break;
        }
        Thread.sleep(700);
    }

    JsonNode evaluate(String script) throws Exception {
        return send("Runtime.evaluate", Map.of("expression", script, "returnByValue", true))
                .path("result")
                .path("value");
    }

    /** Moves the mouse over the first element that a selector finds. */
    void hover(String selector) throws Exception {
        JsonNode box = evaluate(
                "(() => { const e = document.querySelector('" + selector + "'); e.scrollIntoView({block: 'center'});"
                        + " const b = e.getBoundingClientRect(); return {x: b.x + b.width / 2, y: b.y + b.height / 2}; })()");
        for (int away : new int[] {3, 0}) {
            send(
                    "Input.dispatchMouseEvent",
                    Map.of(
                            "type",
                            "mouseMoved",
                            "x",
                            box.path("x").asDouble() + away,
                            "y",
                            box.path("y").asDouble()));
            Thread.sleep(400);
        }
    }

    void screenshot(Path png, boolean whole) throws Exception {
        JsonNode shot = send("Page.captureScreenshot", Map.of("captureBeyondViewport", whole, "format", "png"));
        Files.write(png, Base64.getDecoder().decode(shot.path("data").asText()));
    }

    /** Dialogs, requests other than for the opened file itself, and errors. */
    List<String> misdeeds() {
        return Stream.concat(noted(), logged()).toList();
    }

    private Stream<String> noted() {
        return events.stream()
                .filter(e -> NOTED.containsKey(e.path("method").asText()))
                .filter(e -> !e.path("params").path("type").asText().equals("Document"))
                .map(e -> NOTED.get(e.path("method").asText()) + ": " + e.path("params"));
    }

    private Stream<String> logged() {
        return events.stream()
                .filter(e -> e.path("method").asText().equals("Log.entryAdded")
                        || e.path("method").asText().equals("Runtime.consoleAPICalled"))
                .map(e -> "console: " + e.path("params"));
    }

    private JsonNode send(String method, Map<String, Object> parameters) throws Exception {
        return call(method, parameters, session);
    }

    private JsonNode call(String method, Map<String, Object> parameters, String to) throws Exception {
        Map<String, Object> message = new LinkedHashMap<>(Map.of("id", ++last, "method", method, "params", parameters));
        if (!to.isEmpty()) message.put("sessionId", to);
        socket.sendText(JSON.writeValueAsString(message), true).get(20, TimeUnit.SECONDS);
        while (true) {
            JsonNode answer = answers.poll(30, TimeUnit.SECONDS);
            if (answer == null) throw new IOException("the browser does not answer " + method);
            if (answer.path("id").asInt() != last) continue;
            if (answer.has("error")) throw new IOException(method + ": " + answer.path("error"));
            return answer.path("result");
        }
    }

    @Override
    public void close() throws Exception {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean whole) {
            text.append(data);
            if (whole) {
                deliver(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void deliver(String message) {
            try {
                JsonNode node = JSON.readTree(message);
                if (node.has("id")) answers.add(node);
                else events.add(node);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
