package org.espalier.experiment;

/** Asks a run to save what it has and to stop, from any thread. */
public final class Stop {
    private volatile boolean asked;

    public void ask() {
        asked = true;
    }

    public boolean asked() {
        return asked;
    }

    /** Thrown inside a run once it has saved a checkpoint. */
    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super("stopped on request", null, false, false);
        }
    }
}
