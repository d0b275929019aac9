package org.espalier.cli;

/** What the user asked for makes no sense, and why: exit code 2. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refusal(String message) {
        super(message);
    }
}
