package org.espalier.track;

import java.io.Closeable;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.espalier.track.SpoolState.Remote;
import org.mlflow.api.proto.Service;
import org.mlflow.tracking.MlflowClient;

/** The requests to a tracking server, each with a time limit. */
final class MlflowServer implements Closeable {
    /** Tag that holds our run id at the server, which gives ids of its own. */
    static final String RUN_TAG = "espalier.run";

    private static final int PARAMETERS = 100;

    /** The client's HTTP library would report each broken connection on the console; kept here so that it stays set. */
    private static final Logger HTTP_LOG = Logger.getLogger("org.mlflow_project.apachehttp");

    static {
        HTTP_LOG.setLevel(Level.OFF);
    }

    private final ServerAddress address;
    private final long seconds;
    private final ArtifactUpload upload;
    private volatile MlflowClient client;

    /** @param seconds time limit of a request */
    MlflowServer(ServerAddress address, long seconds) {
        this.address = address;
        this.seconds = seconds;
        upload = new ArtifactUpload(address, seconds);
    }

    /** The id of the experiment, which is made where there is none. */
    String experiment(String name) throws Undelivered {
        return call(() -> {
            Optional<Service.Experiment> found = client.getExperimentByName(name);
            if (found.isEmpty()) {
                return client.createExperiment(name);
            }
            String id = found.get().getExperimentId();
            if (found.get().getLifecycleStage().equals("deleted")) {
                client.restoreExperiment(id);
            }
            return id;
        });
    }

    /** The run that carries our id, if there is one. */
    Optional<Remote> find(String experiment, String run) throws Undelivered {
        String filter = "tags.`" + RUN_TAG + "` = '" + run + "'";
        List<Service.Run> found = call(() -> client.searchRuns(
                        List.of(experiment),
                        filter,
                        Service.ViewType.ACTIVE_ONLY,
                        10,
                        List.of("attributes.start_time ASC"))
                .getItems());
        return found.stream().findFirst().map(it -> remote(it.getInfo()));
    }

    /** @param parent the server's id of the parent run, or null */
    Remote create(String experiment, RunInfo info, String parent) throws Undelivered {
        Service.CreateRun.Builder request = Service.CreateRun.newBuilder()
                .setExperimentId(experiment)
                .setRunName(info.name())
                .setUserId(RunInfo.user())
                .setStartTime(info.time())
                .addTags(tag(RUN_TAG, info.id()));
        info.allTags().forEach((key, value) -> {
            if (!key.equals(RunInfo.PARENT)) {
                request.addTags(tag(key, value));
            } else if (parent != null) {
                request.addTags(tag(key, parent));
            }
        });
        return remote(call(() -> client.createRun(request.build())));
    }

    void running(String run) throws Undelivered {
        post("runs/update", Map.of("run_id", run, "status", "RUNNING"));
    }

    void parameters(String run, Map<String, String> parameters) throws Undelivered {
        List<Service.Param> all = parameters.entrySet().stream()
                .map(it -> Service.Param.newBuilder()
                        .setKey(it.getKey())
                        .setValue(it.getValue())
                        .build())
                .toList();
        for (int from = 0; from < all.size(); from += PARAMETERS) {
            List<Service.Param> part = all.subList(from, Math.min(all.size(), from + PARAMETERS));
            done(() -> client.logBatch(run, List.of(), part, List.of()));
        }
    }

    void tag(String run, String key, String value) throws Undelivered {
        done(() -> client.setTag(run, key, value));
    }

    void metrics(String run, List<Event.Metric> points) throws Undelivered {
        List<Service.Metric> all = points.stream()
                .map(it -> Service.Metric.newBuilder()
                        .setKey(it.key())
                        .setStep(it.step())
                        .setValue(it.value())
                        .setTimestamp(it.time())
                        .build())
                .toList();
        done(() -> client.logBatch(run, all, List.of(), List.of()));
    }

    /** The steps of a curve that the server has. */
    Set<Long> steps(String run, String key) throws Undelivered {
        Set<Long> steps = new HashSet<>();
        call(() -> client.getMetricHistory(run, key)).forEach(point -> steps.add(point.getStep()));
        return steps;
    }

    void dataset(String run, DatasetInfo data) throws Undelivered {
        Map<String, Object> dataset = Map.of(
                "name", data.name(),
                "digest", data.shortDigest(),
                "source_type", "local",
                "source", data.sourceJson(),
                "profile", data.profileJson());
        Map<String, Object> context = Map.of("key", "mlflow.data.context", "value", data.context());
        post(
                "runs/log-inputs",
                Map.of("run_id", run, "datasets", List.of(Map.of("tags", List.of(context), "dataset", dataset))));
    }

    void artifact(Remote run, String name, Path file) throws Undelivered {
        upload.send(run.artifacts(), name, file);
    }

    void end(String run, RunStatus status, long time) throws Undelivered {
        done(() -> client.setTerminated(run, Service.RunStatus.valueOf(status.name()), time));
    }

    private void post(String path, Object body) throws Undelivered {
        String json = MlflowJson.text(body);
        call(() -> client.sendPost(path, json));
    }

    private void done(Runnable request) throws Undelivered {
        call(() -> {
            request.run();
            return null;
        });
    }

    private <T> T call(Callable<T> request) throws Undelivered {
        if (client == null) {
            upload.knock();
            client = new MlflowClient(address.credentials());
        }
        return TimeLimit.call(request, seconds, this::close);
    }

    private static Remote remote(Service.RunInfo info) {
        return new Remote(info.getRunId(), info.getArtifactUri());
    }

    private static Service.RunTag tag(String key, String value) {
        return Service.RunTag.newBuilder().setKey(key).setValue(value).build();
    }

    /** Ends what is under way; the next request connects anew. */
    @Override
    public void close() {
        MlflowClient open = client;
        client = null;
        if (open != null) {
            open.close();
        }
    }
}
