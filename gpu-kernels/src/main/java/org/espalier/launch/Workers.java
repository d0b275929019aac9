package org.espalier.launch;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that share the slices of one launch at a time. A training step of 100 µs is a dozen launches, so a hand-over has
 * to cost about a microsecond: idle threads spin for a while before they park, and the calling thread works too.
 *
 * <p>Where other processes want the cores as well, a helper may lose its core in the middle of a slice and keep the caller waiting for
 * milliseconds. The caller notices and does the next launches alone; results are the same, since cuts never depend on threads.
 * Where the core that the helper waits for is the caller's own, the helper is sent to another; see {@link Placement}.
 */
final class Workers implements AutoCloseable {
    /** Turns of spinning before a thread parks: some 100 µs, longer than the gaps within a training step. */
    private static final int SPINS = 20_000;

    /** Waiting this long, and longer than twice its own share of the work took, tells the caller that a helper has lost its core. */
    private static final long STALL_NANOS = 300_000;

    /** How long the caller works alone after a first stall, and at most after many that followed one another closely. */
    private static final long ALONE_NANOS = 500_000;

    private static final long LONGEST_ALONE_NANOS = 32_000_000;

    /** Launches shared without a stall after which the next one counts as a first again. */
    private static final int CALM = 2000;

    /**
     * One launch in progress. Each thread has a share of its own, the same at every replay, so that the halves of weights, gradients
     * and moments stay in the caches of one core; where two cores have no cache in common, a training step of LeNet-300-100 took 1,600 µs
     * with slices dealt in order of arrival. Who is done helps the others from the end of their shares. Threads that come late find
     * nothing left, so an old job can never disturb a new one.
     */
    private static final class Job {
        final Launch.Slice body;
        final int extent;
        final int grain;
        final int slices;
        final int threads;
        final AtomicIntegerArray taken;
        final AtomicInteger done = new AtomicInteger();
        volatile Throwable failure;

        Job(Launch.Slice body, int extent, int grain, int slices, int threads) {
            this.body = body;
            this.extent = extent;
            this.grain = grain;
            this.slices = slices;
            this.threads = threads;
            this.taken = new AtomicIntegerArray(slices);
        }

        void work(int self) {
            for (int slice = begin(self); slice < begin(self + 1); slice++) take(slice);
            for (int other = 1; other < threads; other++) {
                int owner = (self + other) % threads;
                for (int slice = begin(owner + 1) - 1; slice >= begin(owner); slice--) take(slice);
            }
        }

        private int begin(int thread) {
            return (int) ((long) slices * thread / threads);
        }

        private void take(int slice) {
            if (taken.get(slice) != 0 || !taken.compareAndSet(slice, 0, 1)) return;
            int first = slice * grain;
            try {
                body.run(first, Math.min(grain, extent - first));
            } catch (Throwable t) {
                failure = t;
            } finally {
                done.incrementAndGet();
            }
        }
    }

    /** Waiting this long makes the caller look whether a helper is stuck behind itself. */
    private static final long SUSPICIOUS_NANOS = 30_000;

    private final Thread[] helpers;
    private final boolean[] parked;
    private final int[] thread;
    private final int[] cpu;
    private volatile Job current;
    private volatile boolean closed;
    private long aloneUntil;
    private long nextAlone = ALONE_NANOS;
    private int calm;

    Workers(int threads) {
        if (threads < 1) throw new IllegalArgumentException("at least one thread is needed, got " + threads);
        helpers = new Thread[threads - 1];
        parked = new boolean[threads - 1];
        thread = new int[threads - 1];
        cpu = new int[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            int self = i;
            helpers[i] =
                    Thread.ofPlatform().daemon().name("espalier-worker-" + i).start(() -> serve(self));
        }
    }

    int threads() {
        return helpers.length + 1;
    }

    /** Runs {@code body} over {@code extent} units in slices of {@code grain}; returns when all are done. */
    void run(int extent, int grain, Launch.Slice body) {
        int slices = (extent + grain - 1) / grain;
        if (slices <= 1 || helpers.length == 0 || alone()) {
            for (int first = 0; first < extent; first += grain) body.run(first, Math.min(grain, extent - first));
            return;
        }
        long begun = System.nanoTime();
        Job job = new Job(body, extent, grain, slices, helpers.length + 1);
        current = job;
        for (int i = 0; i < helpers.length; i++) if (isParked(i)) LockSupport.unpark(helpers[i]);
        job.work(0);
        long worked = System.nanoTime();
        for (int spins = 0; job.done.get() < slices; spins++) {
            if (spins < SPINS) Thread.onSpinWait();
            else Thread.yield();
        }
        long waited = System.nanoTime() - worked;
        if (waited > SUSPICIOUS_NANOS) part();
        if (waited > STALL_NANOS && waited > 2 * (worked - begun)) {
            aloneUntil = worked + waited + nextAlone;
            nextAlone = Math.min(LONGEST_ALONE_NANOS, 2 * nextAlone);
            calm = 0;
        } else if (++calm == CALM) {
            nextAlone = ALONE_NANOS;
        }
        if (job.failure instanceof RuntimeException e) throw e;
        if (job.failure instanceof Error e) throw e;
    }

    /** Sends helpers that share the caller's core to others. What is read of them may be stale: then it happens next time. */
    private void part() {
        int own = Placement.cpu();
        for (int i = 0; i < helpers.length; i++) if (cpu[i] == own) Placement.keepOff(thread[i], own);
    }

    private boolean alone() {
        if (aloneUntil == 0) return false;
        if (System.nanoTime() - aloneUntil < 0) return true;
        aloneUntil = 0;
        return false;
    }

    private void serve(int self) {
        Job last = null;
        thread[self] = Placement.thread();
        while (!closed) {
            for (int spins = 0; current == last && !closed; spins++) {
                if (spins < SPINS) Thread.onSpinWait();
                else sleep(self, last);
            }
            last = current;
            cpu[self] = Placement.cpu();
            if (last != null) last.work(self + 1);
        }
    }

    private void sleep(int self, Job last) {
        setParked(self, true);
        if (current == last && !closed) LockSupport.parkNanos(5_000_000);
        setParked(self, false);
    }

    private synchronized void setParked(int self, boolean value) {
        parked[self] = value;
    }

    private boolean isParked(int self) {
        return parked[self]; // a stale answer costs at most the park's time limit
    }

    @Override
    public void close() {
        closed = true;
        for (Thread helper : helpers) LockSupport.unpark(helper);
    }
}
