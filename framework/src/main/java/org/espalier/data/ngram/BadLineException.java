package org.espalier.data.ngram;

/** A line that is no document, and why. Carries no stack trace: a file may have many. */
public final class BadLineException extends Exception {
    private static final long serialVersionUID = 1L;

    BadLineException(String problem) {
        super(problem, null, false, false);
    }
}
