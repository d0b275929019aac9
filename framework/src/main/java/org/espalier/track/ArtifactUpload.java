package org.espalier.track;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/** What the MLflow client cannot do by itself: sending files through the server, and giving up on a silent host. */
final class ArtifactUpload {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final long SLOWEST_BYTES_A_SECOND = 250_000;

    private static final Set<Integer> PASSING = Set.of(401, 403, 408, 429);

    private final ServerAddress address;
    private final Duration patience;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    ArtifactUpload(ServerAddress address, long seconds) {
        this.address = address;
        patience = Duration.ofSeconds(seconds);
    }

    /** Any answer at all will do. */
    void knock() throws Undelivered {
        send(request("/health").timeout(patience).GET().build());
    }

    /**
     * Sends a file to the folder that the server gave the run.
     *
     * @param folder the run's artifact address; through the server for {@code mlflow-artifacts:}, by copying for a
     *     folder of this machine
     */
    void send(String folder, String name, Path file) throws Undelivered {
        URI target = URI.create(folder.replace(" ", "%20"));
        try {
            ArtifactName.check(name);
            if ("mlflow-artifacts".equals(target.getScheme())) {
                put(target.getPath(), name, file);
            } else if (target.getScheme() == null || target.getScheme().equals("file")) {
                copy(Path.of(target.getPath()), name, file);
            } else {
                throw Undelivered.refused("files at " + target.getScheme() + ": addresses cannot be written", null);
            }
        } catch (IllegalArgumentException e) {
            throw Undelivered.refused(e.getMessage(), e);
        } catch (IOException e) {
            throw Undelivered.refused("artifact " + name + ": " + e, e);
        }
    }

    private void put(String folder, String name, Path file) throws Undelivered, IOException {
        String path = folder.replaceAll("^/+|/+$", "") + "/" + name;
        Duration limit = patience.plusSeconds(Files.size(file) / SLOWEST_BYTES_A_SECOND);
        HttpResponse<String> answer = send(request("/api/2.0/mlflow-artifacts/artifacts/" + path)
                .timeout(limit)
                .header("Content-Type", "application/octet-stream")
                .PUT(HttpRequest.BodyPublishers.ofFile(file))
                .build());
        if (answer.statusCode() >= 300) {
            String message = "status " + answer.statusCode() + " " + TimeLimit.shortened(answer.body());
            boolean passing = answer.statusCode() >= 500 || PASSING.contains(answer.statusCode());
            throw passing ? Undelivered.later(message, null) : Undelivered.refused(message, null);
        }
    }

    /** A server without the artifact proxy names a folder; it is ours only if the part above the run is here. */
    private static void copy(Path folder, String name, Path file) throws Undelivered, IOException {
        Path experiments =
                folder.getNameCount() > 3 ? folder.getParent().getParent().getParent() : null;
        if (experiments == null || !folder.isAbsolute() || !Files.isWritable(experiments)) {
            throw Undelivered.refused("the server keeps files in " + folder + ", which is not on this machine", null);
        }
        Files.createDirectories(folder);
        new ArtifactFolder(folder).add(name, file);
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(address.base() + path));
        address.authorization().ifPresent(value -> builder.header("Authorization", value));
        return builder;
    }

    private HttpResponse<String> send(HttpRequest request) throws Undelivered {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw Undelivered.later(
                    e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Undelivered.later("stopped", e);
        }
    }
}
