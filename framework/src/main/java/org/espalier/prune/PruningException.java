package org.espalier.prune;

/** Pruning could not do what was asked. Nothing has been changed, unless the message says that some blocks have. */
public final class PruningException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PruningException(String message) {
        super(message);
    }

    PruningException(String message, Throwable cause) {
        super(message, cause);
    }
}
