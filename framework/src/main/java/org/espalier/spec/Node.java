package org.espalier.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/**
 * What a spec says, before any type is known: text, a list, or a map. Immutable. Two nodes are equal when they say the
 * same, wherever they were written and in whatever order their keys stand.
 */
public sealed interface Node {
    /** Where the node was written. */
    Mark mark();

    /** The node in a few words, for messages. */
    String describe();

    /**
     * A text; whether it is a number is decided by the record that receives it.
     *
     * @param quoted whether it was written in quotes or as a block, which makes it a text for certain
     */
    record Scalar(String text, boolean quoted, Mark mark) implements Node {
        /** Nothing was written, or {@code ~} or {@code null}. */
        public boolean isNull() {
            return !quoted && (text.isEmpty() || text.equals("~") || text.equals("null"));
        }

        @Override
        public String describe() {
            String shown = text.length() > 40 ? text.substring(0, 40) + "…" : text;
            return text.isEmpty() && !quoted ? "nothing" : (quoted ? "\"" + shown + "\"" : "'" + shown + "'");
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Scalar that && text.equals(that.text) && quoted == that.quoted;
        }

        @Override
        public int hashCode() {
            return text.hashCode();
        }
    }

    /** A list. */
    record Sequence(List<Node> items, Mark mark) implements Node {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String describe() {
            return "a list of " + items.size();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Sequence that && items.equals(that.items);
        }

        @Override
        public int hashCode() {
            return items.hashCode();
        }
    }

    /** A map in the order it was written. */
    record Mapping(SequencedMap<String, Entry> entries, Mark mark) implements Node {
        public Mapping {
            entries = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(entries));
        }

        /** A map of nothing. */
        public static Mapping empty(Mark mark) {
            return new Mapping(new LinkedHashMap<>(), mark);
        }

        /** The value under a key, or null. */
        public Node get(String key) {
            Entry entry = entries.get(key);
            return entry == null ? null : entry.value();
        }

        /** This map with one entry added, or replaced in its place. */
        public Mapping with(Entry entry) {
            SequencedMap<String, Entry> changed = new LinkedHashMap<>(entries);
            changed.put(entry.key().text(), entry);
            return new Mapping(changed, mark);
        }

        /** This map without one key. */
        public Mapping without(String key) {
            SequencedMap<String, Entry> changed = new LinkedHashMap<>(entries);
            changed.remove(key);
            return new Mapping(changed, mark);
        }

        @Override
        public String describe() {
            return entries.isEmpty()
                    ? "an empty map"
                    : "a map of " + entries.keySet().stream().limit(4).collect(Collectors.joining(", "));
        }

        private Map<String, Node> values() {
            return entries.entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, e -> e.getValue().value()));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Mapping that && values().equals(that.values());
        }

        @Override
        public int hashCode() {
            return values().hashCode();
        }
    }

    /** One key of a map with its value. */
    record Entry(Scalar key, Node value, Origin origin) {
        public Entry(Scalar key, Node value) {
            this(key, value, Origin.WRITTEN);
        }

        /** The same key with another value. */
        public Entry with(Node changed) {
            return new Entry(key, changed, origin);
        }

        /** The same key and value from another origin. */
        public Entry from(Origin other) {
            return new Entry(key, value, other);
        }
    }

    /** How an entry came to stand in its map; the binder needs it where the text alone does not say what is meant. */
    enum Origin {
        /** Written in the file. */
        WRITTEN,
        /** Taken over from the file this one extends: where only one key may stand, a written one replaces it. */
        INHERITED,
        /** Added by an override without {@code +}: a record may know it, a map of free names does not. */
        ASSUMED
    }
}
