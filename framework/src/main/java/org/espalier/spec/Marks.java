package org.espalier.spec;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.espalier.spec.Node.Entry;

/**
 * Where the records of a spec were written. They are known by identity: equal records may stand in several places. Whoever
 * refuses a record that the binder had to accept, because only the rest of the spec makes it wrong, finds its place here.
 */
public final class Marks {
    private record Written(Mark mark, Map<String, Entry> given) {}

    private final Map<Object, Written> records = new IdentityHashMap<>();

    Marks() {}

    /** Those of records that no spec was read for: none. */
    public static Marks none() {
        return new Marks();
    }

    void put(Object record, Map<String, Entry> given, Mark mark) {
        records.put(record, new Written(mark, given));
    }

    /**
     * The place that a refusal is about: that of the first component it names, if it names one that was given, else that of the
     * record.
     *
     * @return empty if the record was not read from the spec
     */
    public Optional<Mark> of(Object record, String refusal) {
        return Optional.ofNullable(records.get(record))
                .map(written -> blamed(refusal, written.given()).orElse(written.mark()));
    }

    /** The place of the first component that a refusal names, if it names one that was given. */
    static Optional<Mark> blamed(String refusal, Map<String, Entry> given) {
        Function<String, Entry> named = word -> given.get(Names.kebab(word));
        return Arrays.stream(String.valueOf(refusal).split("[^\\w-]+"))
                .map(named)
                .filter(Objects::nonNull)
                .map(entry -> entry.value().mark())
                .findFirst();
    }
}
