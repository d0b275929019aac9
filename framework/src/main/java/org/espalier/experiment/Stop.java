package org.espalier.experiment;

/** Asks a run to save what it has and to stop, from any thread. */
public final class Stop {
    private static final int INTERRUPTED = 130;
    private volatile int exitCode;

    /** Asks as an interrupt does. */
    public void ask() {
        ask(INTERRUPTED);
    }

    /** @param exitCode what the process will end with, 128 + the number of the signal that asks */
    public void ask(int exitCode) {
        this.exitCode = exitCode;
    }

    public boolean asked() {
        return exitCode != 0;
    }

    /** What the process should end with; 0 as long as nobody has asked. */
    public int exitCode() {
        return exitCode;
    }

    /** Thrown inside a run once it has saved a checkpoint. */
    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super("stopped on request", null, false, false);
        }
    }
}
