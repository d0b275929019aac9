package org.espalier.track;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Buffers events and writes them to one {@link Sink} from a background thread. Logging a point appends it to a queue and
 * wakes nobody; the thread looks five times a second.
 */
final class Recorder implements Tracker {
    private static final int BATCH = 5000;
    private static final long MOST_WAITING = 1_000_000;
    private static final long PAUSE_NANOS = 200_000_000L;
    private static final long RETRY_NANOS = 1_000_000_000L;

    private final Sink sink;
    private final Consumer<String> notice;
    private final long patienceMillis;
    private final ConcurrentLinkedQueue<Event> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicLong logged = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final Object progress = new Object();
    private final Thread writer;
    private volatile long written;
    private volatile long forced;
    private volatile long forceUpTo;
    private volatile boolean failing;
    private volatile boolean closing;

    /**
     * @param notice receives one line when something cannot be recorded
     * @param patienceMillis how long {@link #flush} waits, and {@link #close} after the last sign of progress
     */
    Recorder(Sink sink, Consumer<String> notice, long patienceMillis) {
        this.sink = sink;
        this.notice = notice;
        this.patienceMillis = patienceMillis;
        writer = Thread.ofPlatform().daemon().name("track-" + sink.name()).start(this::work);
    }

    @Override
    public Run start(RunInfo info) {
        log(new Event.Start(info.id(), info));
        return new Handle(info.id());
    }

    @Override
    public boolean flush() {
        long goal = logged.get();
        forceUpTo = goal;
        long end = System.nanoTime() + patienceMillis * 1_000_000;
        LockSupport.unpark(writer);
        uninterrupted(() -> {
            synchronized (progress) {
                long millis = patienceMillis;
                while (forced < goal && !failing && writer.isAlive() && millis > 0) {
                    progress.wait(millis);
                    millis = (end - System.nanoTime()) / 1_000_000;
                }
            }
        });
        return forced >= goal;
    }

    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(writer);
        uninterrupted(() -> {
            long before;
            do {
                before = written;
                writer.join(patienceMillis);
            } while (writer.isAlive() && written > before);
        });
        long lost = logged.get() - written + dropped.get();
        if (lost > 0) {
            notice.accept(lost + " records did not reach " + sink.name() + "; metrics.csv of the run has every point");
        }
    }

    private interface Wait {
        void run() throws InterruptedException;
    }

    /** Waits although this thread may have been interrupted already: a run that is being stopped is recorded too. */
    private static void uninterrupted(Wait wait) {
        boolean interrupted = Thread.interrupted();
        try {
            wait.run();
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void log(Event event) {
        if (closing) {
            return;
        }
        if (logged.get() - written > MOST_WAITING) {
            dropped.incrementAndGet();
            return;
        }
        logged.incrementAndGet();
        waiting.add(event);
    }

    private void work() {
        List<Event> batch = new ArrayList<>();
        boolean last;
        boolean done;
        do {
            last = closing;
            fill(batch);
            done = write(batch);
            if (!last && (!done || waiting.isEmpty())) {
                LockSupport.parkNanos(done ? PAUSE_NANOS : RETRY_NANOS);
            }
        } while (!last || done && !waiting.isEmpty());
        try {
            sink.close();
        } catch (IOException | RuntimeException e) {
            notice.accept("closing " + sink.name() + ": " + e.getMessage());
        }
    }

    private void fill(List<Event> batch) {
        while (batch.size() < BATCH) {
            Event event = waiting.poll();
            if (event == null) {
                return;
            }
            batch.add(event);
        }
    }

    /** Empties the batch, or leaves it for another try and returns false. */
    private boolean write(List<Event> batch) {
        boolean good = attempt(() -> {
            writeGood(batch);
            written += batch.size();
            batch.clear();
        });
        if (good && (forceUpTo > forced || closing)) {
            good = attempt(() -> {
                sink.force();
                forced = written;
            });
        }
        failing = !good;
        synchronized (progress) {
            progress.notifyAll();
        }
        return batch.isEmpty();
    }

    private interface Attempt {
        void run() throws IOException;
    }

    private boolean attempt(Attempt attempt) {
        try {
            attempt.run();
            return true;
        } catch (IOException | RuntimeException e) {
            if (!failing) {
                notice.accept(sink.name() + " cannot be written, the run goes on: " + e.getMessage());
            }
            return false;
        }
    }

    /** A batch that the sink refuses is written event by event, so that only what is refused is lost. */
    private void writeGood(List<Event> batch) throws IOException {
        try {
            sink.write(batch);
        } catch (IllegalArgumentException refused) {
            for (Event event : batch) {
                try {
                    sink.write(List.of(event));
                } catch (IllegalArgumentException e) {
                    notice.accept(sink.name() + " refused " + event + ": " + e.getMessage());
                }
            }
        }
    }

    private final class Handle implements Run {
        private final String id;

        Handle(String id) {
            this.id = id;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public void parameter(String key, String value) {
            log(new Event.Parameter(id, MlflowNames.key(key), MlflowNames.parameter(value)));
        }

        @Override
        public void tag(String key, String value) {
            log(new Event.Tag(id, MlflowNames.key(key), MlflowNames.tag(value)));
        }

        @Override
        public void metric(String name, long step, double value, long time) {
            log(new Event.Metric(id, MlflowNames.key(name), step, value, time));
        }

        @Override
        public void dataset(DatasetInfo dataset) {
            log(new Event.Dataset(id, dataset));
        }

        @Override
        public void artifact(String path, Path file) {
            try {
                log(new Event.Artifact(
                        id, ArtifactName.check(path), file.toAbsolutePath().normalize()));
            } catch (IllegalArgumentException e) {
                notice.accept(e.getMessage());
            }
        }

        @Override
        public void end(RunStatus status) {
            log(new Event.End(id, status, System.currentTimeMillis()));
        }
    }
}
