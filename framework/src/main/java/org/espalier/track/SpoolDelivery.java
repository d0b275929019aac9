package org.espalier.track;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.espalier.track.SpoolState.Remote;

/**
 * Brings a spool's records to a server, in their order, each point once. A curve's steps that may be at the server
 * already (the run was there before us, or a request ended without an answer) are asked for before more are sent.
 */
final class SpoolDelivery {
    static final int BATCH = 500;

    private final Spool spool;
    private final MlflowServer server;
    private final Consumer<String> notice;
    private final SpoolState state;
    private final Map<String, String> experiments = new HashMap<>();
    /** Our ids of runs of which the server can have only what was sent from here. */
    private final Set<String> fresh = new HashSet<>();

    private final Map<Curve, Set<Long>> delivered = new HashMap<>();
    private long sent;

    private record Curve(String run, String key) {}

    private interface Request {
        void send() throws Undelivered;
    }

    SpoolDelivery(Spool spool, SpoolState state, MlflowServer server, Consumer<String> notice) {
        this.spool = spool;
        this.state = state;
        this.server = server;
        this.notice = notice;
        if (state.offset > spool.size()) {
            state.offset = 0;
        }
    }

    /**
     * Sends about a megabyte of records.
     *
     * @return false if there were none
     * @throws Undelivered if the rest has to wait; what was sent before is not sent again
     */
    boolean deliver() throws Undelivered, IOException {
        SpoolFormat.Stretch stretch = spool.read(state.offset);
        List<Event.Metric> points = new ArrayList<>();
        long before = state.offset;
        for (SpoolFormat.Entry entry : stretch.entries()) {
            if (entry.event() instanceof Event.Metric point) {
                points.add(point);
                if (points.size() == BATCH) {
                    send(points, entry.end());
                }
            } else {
                send(points, before);
                send(entry.event());
                advance(entry.end());
            }
            before = entry.end();
        }
        send(points, stretch.next());
        return !stretch.entries().isEmpty();
    }

    /** Whether every record is at the server and every run has ended. */
    boolean complete() {
        return state.offset == spool.size() && state.open.isEmpty();
    }

    /** Ends the runs whose process is gone; one that is resumed will be running again. */
    void failOpen() throws Undelivered, IOException {
        for (String run : List.copyOf(state.open)) {
            send(new Event.End(run, RunStatus.FAILED, System.currentTimeMillis()));
        }
        state.write(spool.file());
    }

    /** How many records wait. */
    long left() throws IOException {
        long count = 0;
        SpoolFormat.Stretch stretch = spool.read(state.offset);
        while (!stretch.entries().isEmpty()) {
            count += stretch.entries().size();
            stretch = spool.read(stretch.next());
        }
        return count;
    }

    long sent() {
        return sent;
    }

    long refused() {
        return state.refused;
    }

    /** Ends a request that is under way. */
    void abort() {
        server.close();
    }

    private void advance(long offset) throws IOException {
        if (offset != state.offset) {
            state.offset = offset;
            state.write(spool.file());
        }
    }

    private void send(Event event) throws Undelivered {
        switch (event) {
            case Event.Start it -> start(it.info());
            case Event.Parameter it -> {
                String run = remote(it.run()).id();
                orRefuse(event, () -> server.parameters(run, Map.of(it.key(), it.value())));
            }
            case Event.Tag it -> {
                String run = remote(it.run()).id();
                orRefuse(event, () -> server.tag(run, it.key(), it.value()));
            }
            case Event.Dataset it -> {
                String run = remote(it.run()).id();
                orRefuse(event, () -> server.dataset(run, it.dataset()));
            }
            case Event.Artifact it -> {
                Remote run = remote(it.run());
                orRefuse(event, () -> server.artifact(run, it.path(), it.file()));
            }
            case Event.End it -> {
                String run = remote(it.run()).id();
                orRefuse(event, () -> server.end(run, it.status(), it.time()));
                state.open.remove(it.run());
            }
            case Event.Metric it -> send(it.run(), List.of(it));
        }
        sent++;
    }

    private void start(RunInfo info) throws Undelivered {
        if (!experiments.containsKey(info.experiment())) {
            experiments.put(info.experiment(), server.experiment(info.experiment()));
        }
        String experiment = experiments.get(info.experiment());
        Optional<Remote> known = Optional.ofNullable(state.runs.get(info.id()));
        if (known.isEmpty()) {
            known = server.find(experiment, info.id());
        }
        if (known.isPresent()) {
            server.running(known.get().id());
            state.runs.put(info.id(), known.get());
        } else {
            state.runs.put(info.id(), server.create(experiment, info, parent(experiment, info)));
            fresh.add(info.id());
        }
        state.open.add(info.id());
        parameters(state.runs.get(info.id()).id(), info.parameters());
    }

    /** The server's id of the parent, which another process may have started; null without one. */
    private String parent(String experiment, RunInfo info) throws Undelivered {
        if (info.parent() == null) {
            return null;
        }
        Optional<Remote> parent = Optional.ofNullable(state.runs.get(info.parent()));
        if (parent.isEmpty()) {
            parent = server.find(experiment, info.parent());
        }
        return parent.map(Remote::id).orElse(null);
    }

    /** The server takes no second value for a parameter; what is refused in a batch is sent one by one. */
    private void parameters(String run, Map<String, String> parameters) throws Undelivered {
        try {
            server.parameters(run, parameters);
        } catch (Undelivered e) {
            if (!e.isRefused()) {
                throw e;
            }
            for (Map.Entry<String, String> it : parameters.entrySet()) {
                orRefuse(it, () -> server.parameters(run, Map.of(it.getKey(), it.getValue())));
            }
        }
    }

    private Remote remote(String run) throws Undelivered {
        if (!state.runs.containsKey(run)) {
            notice.accept("the start of run " + run + " is missing from "
                    + spool.file().getFileName() + "; what follows goes to experiment 'recovered'");
            start(RunInfo.of(run, "recovered", run, spool.file()));
        }
        return state.runs.get(run);
    }

    private void orRefuse(Object what, Request request) throws Undelivered {
        try {
            request.send();
        } catch (Undelivered e) {
            if (!e.isRefused()) {
                throw e;
            }
            state.refused++;
            notice.accept("the server refused " + TimeLimit.shortened(what.toString()) + ": " + e.getMessage());
        }
    }

    /** Sends and forgets these points, the last of which ends at this offset. */
    private void send(List<Event.Metric> points, long end) throws Undelivered, IOException {
        Map<String, List<Event.Metric>> byRun = new LinkedHashMap<>();
        points.forEach(
                it -> byRun.computeIfAbsent(it.run(), run -> new ArrayList<>()).add(it));
        for (Map.Entry<String, List<Event.Metric>> it : byRun.entrySet()) {
            send(it.getKey(), it.getValue());
        }
        sent += points.size();
        points.clear();
        advance(end);
    }

    private void send(String run, List<Event.Metric> points) throws Undelivered {
        String remote = remote(run).id();
        List<Event.Metric> missing = new ArrayList<>();
        try {
            for (Event.Metric point : points) {
                if (steps(run, remote, point.key()).add(point.step())) {
                    missing.add(point);
                }
            }
            if (!missing.isEmpty()) {
                metrics(remote, missing);
            }
        } catch (Undelivered e) {
            fresh.remove(run);
            points.forEach(it -> delivered.remove(new Curve(run, it.key())));
            throw e;
        }
    }

    private void metrics(String remote, List<Event.Metric> points) throws Undelivered {
        try {
            server.metrics(remote, points);
        } catch (Undelivered e) {
            if (!e.isRefused()) {
                throw e;
            }
            for (Event.Metric point : points) {
                orRefuse(point, () -> server.metrics(remote, List.of(point)));
            }
        }
    }

    private Set<Long> steps(String run, String remote, String key) throws Undelivered {
        Curve curve = new Curve(run, key);
        Set<Long> steps = delivered.get(curve);
        if (steps == null) {
            steps = fresh.contains(run) ? new HashSet<>() : server.steps(remote, key);
            delivered.put(curve, steps);
        }
        return steps;
    }
}
