package org.espalier.spec;

/**
 * What was read from a spec, with the places where its parts were written.
 *
 * @param value a record
 * @param marks the places of it and of the records in it
 */
public record Bound<T>(T value, Marks marks) {}
