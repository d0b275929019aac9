package org.espalier.spec;

/**
 * A place in a spec.
 *
 * @param file the file as it was named, or the origin of a text ({@code SET} for overrides)
 * @param line counted from 1
 * @param column counted from 1, in code points
 */
public record Mark(String file, int line, int column) {
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
