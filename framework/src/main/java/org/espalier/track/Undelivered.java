package org.espalier.track;

/** Why a request to a server did not do its work. */
@SuppressWarnings("serial")
final class Undelivered extends Exception {
    private final boolean refused;

    private Undelivered(String message, Throwable cause, boolean refused) {
        super(message, cause);
        this.refused = refused;
    }

    /** The server is away, busy or broken: the same request may go through later, or may even have gone through. */
    static Undelivered later(String message, Throwable cause) {
        return new Undelivered(message, cause, false);
    }

    /** The server read the request and will never take it. */
    static Undelivered refused(String message, Throwable cause) {
        return new Undelivered(message, cause, true);
    }

    boolean isRefused() {
        return refused;
    }
}
