package org.espalier.spec;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.espalier.spec.Node.Entry;
import org.espalier.spec.Node.Mapping;
import org.espalier.spec.Node.Scalar;
import org.espalier.spec.Node.Sequence;

/**
 * Records written as specs again. The <em>resolved</em> form has every default and binds to an equal record. The
 * <em>key</em> form has what makes a run's numbers: no component that equals its default, none marked
 * {@link Presentation}, keys in alphabetical order, and the {@link Revision} of every record that has one.
 */
public final class Canonical {
    private static final Mark MARK = new Mark("resolved", 1, 1);

    private final boolean key;

    private Canonical(boolean key) {
        this.key = key;
    }

    /** The record as a spec with every default. */
    public static Mapping resolved(Record bound) {
        return new Canonical(false).fields(bound);
    }

    /** What of the record makes its numbers. */
    public static Mapping key(Record bound) {
        return new Canonical(true).fields(bound);
    }

    /** The key form of one value of a declared type: a method or a verb has its name in it. */
    public static <T> Node key(Class<T> declared, T value) {
        return new Canonical(true).value(declared, value);
    }

    /** A node as YAML that reads back equal. */
    public static String text(Node node) {
        return YamlWriter.write(node);
    }

    /** The SHA-256 of a text in UTF-8, in hexadecimal digits. */
    public static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private Node value(Type type, Object value) {
        if (type instanceof ParameterizedType generic) return collection(generic.getActualTypeArguments(), value);
        Class<?> raw = (Class<?>) type;
        if (value instanceof Node node) return key ? sorted(node) : node;
        if (Scalars.isScalar(raw)) return Scalars.write(value, MARK);
        if (raw.isRecord()) return fields(value);
        String name = raw.isAnnotationPresent(Family.class)
                ? Families.name(value.getClass(), raw)
                : Names.of(value.getClass());
        Scalar named = new Scalar(name, false, MARK);
        Mapping parameters = fields(value);
        return parameters.entries().isEmpty() ? named : Mapping.empty(MARK).with(new Entry(named, parameters));
    }

    private Node collection(Type[] types, Object value) {
        return switch (value) {
            case Optional<?> maybe ->
                maybe.isPresent() ? value(types[0], maybe.get()) : new Scalar("null", false, MARK);
            case List<?> list ->
                new Sequence(list.stream().map(item -> value(types[0], item)).toList(), MARK);
            case Map<?, ?> map -> {
                SequencedMap<String, Entry> entries = new LinkedHashMap<>();
                map.forEach((name, item) -> put(entries, (String) name, value(types[1], item)));
                yield ordered(entries);
            }
            default -> throw new IllegalStateException("no spec can hold a " + value.getClass());
        };
    }

    private Mapping fields(Object bound) {
        SequencedMap<String, Entry> entries = new LinkedHashMap<>();
        for (Component component : Component.of(bound.getClass())) {
            Object value = component.in(bound);
            if (component.inline()) entries.putAll(fields(value).entries());
            else if (!isLeftOut(component, value)) put(entries, component.name(), value(component.type(), value));
        }
        if (key && revision(bound) > 0)
            put(entries, "@" + Names.of(bound.getClass()), Scalars.write(revision(bound), MARK));
        return ordered(entries);
    }

    private boolean isLeftOut(Component component, Object value) {
        if (component.preset().isEmpty() && value.equals(Optional.empty())) return true;
        return key && (component.presentation() || isDefault(component, value));
    }

    /** Whether a component adds nothing to the key; its forms are compared, since parts of it may be presentation. */
    private boolean isDefault(Component component, Object value) {
        if (component.preset().isEmpty() || isRevised(value)) return false;
        Object preset = new Binder().value(component.type(), component.preset().get(), component.name());
        return value(component.type(), value).equals(value(component.type(), preset));
    }

    private static void put(Map<String, Entry> entries, String name, Node value) {
        entries.put(name, new Entry(Scalars.write(name, MARK), value));
    }

    private Mapping ordered(SequencedMap<String, Entry> entries) {
        return new Mapping(key ? new TreeMap<>(entries) : entries, MARK);
    }

    private Node sorted(Node node) {
        return switch (node) {
            case Scalar scalar -> scalar;
            case Sequence list ->
                new Sequence(list.items().stream().map(this::sorted).toList(), MARK);
            case Mapping map -> {
                SequencedMap<String, Entry> entries = new LinkedHashMap<>();
                map.entries().forEach((name, entry) -> put(entries, name, sorted(entry.value())));
                yield ordered(entries);
            }
        };
    }

    private static int revision(Object bound) {
        Revision revision = bound.getClass().getAnnotation(Revision.class);
        return revision == null ? 0 : revision.value();
    }

    /** Whether any record in a value has a revision: then a default changes the numbers, too. */
    private static boolean isRevised(Object value) {
        return switch (value) {
            case Node node -> false;
            case Record bound ->
                revision(bound) > 0
                        || Component.of(bound.getClass()).stream()
                                .anyMatch(component -> isRevised(component.in(bound)));
            case Collection<?> several -> several.stream().anyMatch(Canonical::isRevised);
            case Map<?, ?> map -> map.values().stream().anyMatch(Canonical::isRevised);
            case Optional<?> maybe -> maybe.filter(Canonical::isRevised).isPresent();
            default -> false;
        };
    }
}
