package org.espalier.data.select;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.espalier.data.file.Digest;
import org.espalier.data.ngram.NgramMemory;
import org.espalier.data.ngram.WordRule;

/**
 * Reads files of JSON lines on several threads and hands their n-grams over in the order of the lines, a bounded number of blocks
 * ahead. What comes out does not depend on the number of threads.
 */
final class DocumentStream implements AutoCloseable {
    private final int threads;
    private final int order;
    private final int buckets;
    private final WordRule rule;
    private final boolean skipBad;
    private final NgramMemory memory;
    private final ExecutorService workers;
    private final Deque<DocumentReader> idle = new ConcurrentLinkedDeque<>();

    /** @param skipBad whether lines that are no documents are passed over and counted */
    DocumentStream(int threads, int order, int buckets, WordRule rule, boolean skipBad) {
        this.threads = threads;
        this.order = order;
        this.buckets = buckets;
        this.rule = rule;
        this.skipBad = skipBad;
        this.memory = new NgramMemory(buckets);
        this.workers = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().factory());
    }

    /** Takes blocks in order. */
    @FunctionalInterface
    interface Sink {
        /** Returns whether it wants another. */
        boolean accept(NgramBlock block) throws IOException;
    }

    /**
     * What a file was found to be.
     *
     * @param digest of its own bytes; null where it was not read to its end
     */
    record Extent(Digest digest, long lines, long skipped) {}

    /** Hands over a file until the sink has enough. */
    Extent each(Path file, String field, Sink sink) throws IOException {
        Deque<Future<NgramBlock>> ahead = new ArrayDeque<>();
        Deque<LineBlock> inUse = new ArrayDeque<>();
        long skipped = 0;
        try (LineReader lines = new LineReader(file)) {
            LineBlock block = lines.next();
            while (block != null || !ahead.isEmpty()) {
                while (block != null && ahead.size() < 2 * threads) {
                    LineBlock next = block;
                    ahead.add(workers.submit(() -> read(next, field)));
                    inUse.add(next);
                    block = lines.next();
                }
                NgramBlock first = value(ahead.poll());
                lines.recycle(inUse.poll());
                skipped += first.skipped();
                if (!sink.accept(first)) {
                    return new Extent(null, 0, skipped);
                }
            }
            return new Extent(lines.digest(), lines.lines(), skipped);
        } finally {
            ahead.forEach(future -> future.cancel(false));
        }
    }

    /** Computes something of each of several things on all threads, and hands it over in their order. */
    <A, B> void each(List<A> all, Function<A, B> function, Taker<B> taker) throws IOException {
        List<Future<B>> values = new ArrayList<>();
        for (A one : all) {
            values.add(workers.submit(() -> function.apply(one)));
        }
        for (Future<B> value : values) {
            taker.accept(value(value));
        }
    }

    /** Takes values in order. */
    @FunctionalInterface
    interface Taker<B> {
        void accept(B value) throws IOException;
    }

    private NgramBlock read(LineBlock block, String field) throws IOException {
        DocumentReader reader = idle.poll();
        if (reader == null) {
            reader = new DocumentReader(order, buckets, rule, memory);
        }
        try {
            return reader.read(block, field, skipBad);
        } finally {
            idle.push(reader);
        }
    }

    private static <B> B value(Future<B> future) throws IOException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException broken -> throw broken;
                case Error error -> throw error;
                default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
