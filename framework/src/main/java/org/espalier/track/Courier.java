package org.espalier.track;

import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Delivers a spool in the background for as long as its run lasts, whatever state the server is in. */
final class Courier {
    private static final long LOOK_MILLIS = 500;
    private static final long LONGEST_PAUSE_MILLIS = 60_000;

    private final Spool spool;
    private final SpoolDelivery delivery;
    private final String server;
    private final Consumer<String> notice;
    private final Thread thread;
    private volatile boolean stopping;
    private int failures;

    Courier(Spool spool, SpoolDelivery delivery, String server, Consumer<String> notice) {
        this.spool = spool;
        this.delivery = delivery;
        this.server = server;
        this.notice = notice;
        thread = Thread.ofPlatform()
                .daemon()
                .name("track-courier")
                .priority(Thread.MIN_PRIORITY)
                .start(this::work);
    }

    /** Before the n-th try after failures: doubling from half a second to a minute, less up to a half at random. */
    static long pauseMillis(int failures) {
        long most = Math.min(LONGEST_PAUSE_MILLIS, 500L << Math.min(failures - 1, 10));
        return ThreadLocalRandom.current().nextLong(most / 2, most + 1);
    }

    private void work() {
        boolean last;
        boolean more;
        do {
            last = stopping;
            more = false;
            long pause = LOOK_MILLIS;
            try {
                more = delivery.deliver();
                failures = 0;
            } catch (Undelivered | IOException | RuntimeException e) {
                failures++;
                pause = pauseMillis(failures);
                if (failures == 1 && !stopping) {
                    notice.accept(server + " does not take records now (" + e.getMessage()
                            + "); the run goes on and they wait in "
                            + spool.file().getFileName());
                }
            }
            if (!more && !last) {
                pause(pause);
            }
        } while ((more || !last) && !Thread.currentThread().isInterrupted());
    }

    private void pause(long millis) {
        LockSupport.parkNanos(millis * 1_000_000);
    }

    /** Waits a little for the rest to be delivered; what is not, stays in the spool. */
    void stop(long millis) throws IOException {
        stopping = true;
        LockSupport.unpark(thread);
        join(millis);
        if (thread.isAlive()) {
            thread.interrupt();
            delivery.abort();
            join(2000);
        }
        if (thread.isAlive()) {
            return;
        }
        if (delivery.complete()) {
            spool.remove();
            return;
        }
        long left = delivery.left();
        if (left > 0) {
            notice.accept(left + " records wait for " + server + ": `espalier sync` will deliver them");
        }
        spool.close();
    }

    private void join(long millis) {
        try {
            thread.join(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
