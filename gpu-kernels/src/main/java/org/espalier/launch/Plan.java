package org.espalier.launch;

/** Launches ready to be replayed, again and again, in their order. */
public interface Plan {
    /** Runs every launch once. */
    void run();

    /** Says that the host is about to read {@code array}: a device copies it back. Nothing to do on the CPU. */
    void read(Object array);

    /** Says that the host has written {@code array}: a device uploads it before the next run. Nothing to do on the CPU. */
    void wrote(Object array);
}
