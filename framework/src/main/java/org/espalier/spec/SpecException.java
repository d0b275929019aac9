package org.espalier.spec;

/** A spec is wrong; the message begins with {@code file:line:column:} and ends with a suggestion where there is one. */
public final class SpecException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Mark where;

    /** @param problem what is wrong, in one sentence without the place */
    public SpecException(String problem, Mark where) {
        super((where + ": " + problem)
                .replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?")); // one line, whatever the spec holds
        this.where = where;
    }

    /** The place the message begins with. */
    public Mark where() {
        return where;
    }
}
