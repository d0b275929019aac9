package org.espalier.launch;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Knows of every array that a device with its own memory has touched where its newest values are. Whoever keeps arrays that outlive a
 * plan asks here before looking at them and says here when they were written; on the CPU both cost next to nothing.
 *
 * <p>Each array has a version, which grows when somebody writes it. A copy is current if it has the version's number.
 */
public final class Residency {
    /** Keeps copies of arrays in a memory that is not the host's. */
    interface Holder {
        /** Writes its copy into the host's array. */
        void download(Object array);
    }

    /** What is known of one array. */
    static final class Entry {
        private long version = 1;
        private long onHost = 1;
        private WeakReference<Holder> newest;

        long version() {
            return version;
        }
    }

    /** By identity: arrays equal themselves alone. An entry does not keep its array. */
    private static final Map<Object, Entry> ENTRIES = new WeakHashMap<>();

    /** Until there is a device with memory of its own, nobody pays for asking. */
    private static volatile boolean used;

    private Residency() {}

    /**
     * Has the host's array hold the newest values.
     *
     * @throws IllegalStateException if those were lost with the plan that had computed them
     */
    public static void read(Object array) {
        if (!used) return;
        synchronized (ENTRIES) {
            Entry entry = ENTRIES.get(array);
            if (entry != null) bringHome(array, entry);
        }
    }

    /** Says that the host's array was written as a whole or that what a device knows of it is void. */
    public static void wrote(Object array) {
        if (!used) return;
        synchronized (ENTRIES) {
            Entry entry = ENTRIES.get(array);
            if (entry == null) return;
            entry.onHost = ++entry.version;
            entry.newest = null;
        }
    }

    /** What is known of an array that a device is going to use. */
    static Entry entry(Object array) {
        used = true;
        synchronized (ENTRIES) {
            return ENTRIES.computeIfAbsent(array, _ -> new Entry());
        }
    }

    /** Says that a device has written its copy. */
    static void wrote(Object array, Holder holder) {
        synchronized (ENTRIES) {
            Entry entry = entry(array);
            entry.version++;
            entry.newest = new WeakReference<>(holder);
        }
    }

    private static void bringHome(Object array, Entry entry) {
        if (entry.onHost == entry.version) return;
        Holder holder = entry.newest.get();
        if (holder == null)
            throw new IllegalStateException("an array's newest values were dropped with the plan that computed them");
        holder.download(array);
        entry.onHost = entry.version;
    }
}
