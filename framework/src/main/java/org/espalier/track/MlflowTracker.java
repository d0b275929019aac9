package org.espalier.track;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Sends runs to an MLflow server. The run itself only appends to a {@link Spool}; a {@link Courier} delivers it beside
 * the run, and {@link Sync} whatever is left.
 */
public final class MlflowTracker implements Sink {
    static final long REQUEST_SECONDS = 30;
    private static final long CLOSE_MILLIS = 5_000;
    private static final long PATIENCE_MILLIS = 15_000;

    private final Path folder;
    private final ServerAddress address;
    private final Consumer<String> notice;
    private Spool spool;
    private Courier courier;

    private MlflowTracker(Path folder, ServerAddress address, Consumer<String> notice) {
        this.folder = folder;
        this.address = address;
        this.notice = notice;
    }

    static Tracker tracker(Path folder, ServerAddress address, Consumer<String> notice) {
        return new Recorder(new MlflowTracker(folder, address, notice), notice, PATIENCE_MILLIS);
    }

    @Override
    public String name() {
        return "the spool for " + address.base();
    }

    @Override
    public void write(List<Event> events) throws IOException {
        if (events.isEmpty()) {
            return;
        }
        if (spool == null) {
            open(events.getFirst());
        }
        spool.append(events);
    }

    /** One journal for a run with all its children, and for one server. */
    private void open(Event first) throws IOException {
        if (!(first instanceof Event.Start start)) {
            throw new IllegalArgumentException("no run has started");
        }
        RunInfo info = start.info();
        String family = info.parent() == null ? info.id() : info.parent();
        String server = RunInfo.id(address.base()).substring(0, 8);
        spool = Spool.open(folder.resolve(family + "-" + server + Spool.SUFFIX), notice);
        SpoolState state = SpoolState.read(spool.file());
        state.server = address.base();
        state.write(spool.file());
        SpoolDelivery delivery = new SpoolDelivery(spool, state, new MlflowServer(address, REQUEST_SECONDS), notice);
        courier = new Courier(spool, delivery, address.base(), notice);
    }

    @Override
    public void force() throws IOException {
        if (spool != null) {
            spool.force();
        }
    }

    @Override
    public void close() throws IOException {
        if (spool != null) {
            spool.force();
            courier.stop(CLOSE_MILLIS);
        }
    }
}
