package org.espalier.spec;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.espalier.spec.Node.Entry;
import org.espalier.spec.Node.Mapping;
import org.espalier.spec.Node.Origin;
import org.espalier.spec.Node.Scalar;
import org.espalier.spec.Node.Sequence;

/**
 * Fills records from nodes. A map fills a record; a method is its name, or one key with its parameters; so is a verb,
 * whose parameters may also stand beside it; a value without a key goes to a record's only component, or the only one
 * that must be given; one item may stand for a list; absent components take their {@link Default}. What a record's
 * constructor refuses with an {@link IllegalArgumentException} is an error at the node it came from.
 */
public final class Binder {
    private final Marks marks = new Marks();

    Binder() {}

    /**
     * Binds a node to a type: a record, an interface with {@link Family}, a sealed interface of records.
     *
     * @throws SpecException at the first thing that does not fit
     */
    public static <T> T bind(Class<T> type, Node node) {
        return bound(type, node).value();
    }

    /** The same, with the places where the records were written. */
    public static <T> Bound<T> bound(Class<T> type, Node node) {
        Binder binder = new Binder();
        return new Bound<>(type.cast(binder.value(type, node, Names.of(type))), binder.marks);
    }

    /** @param what the key the value stands under, for messages */
    Object value(Type type, Node node, String what) {
        if (type instanceof ParameterizedType generic) return collection(generic, node, what);
        Class<?> raw = (Class<?>) type;
        if (raw == Node.class) return node;
        if (raw.isRecord()) return record(raw, node, List.of(), Names.of(raw));
        if (raw.isAnnotationPresent(Family.class)) return method(raw, node, what);
        if (raw.isInterface() && raw.isSealed()) return verb(raw, node, what); // enums with bodies are sealed, too
        return Scalars.read(raw, node, what);
    }

    private Object collection(ParameterizedType type, Node node, String what) {
        Type[] arguments = type.getActualTypeArguments();
        if (type.getRawType() == Optional.class)
            return node instanceof Scalar scalar && scalar.isNull()
                    ? Optional.empty()
                    : Optional.of(value(arguments[0], node, what));
        if (node instanceof Scalar scalar && scalar.isNull())
            throw new SpecException("'" + what + "' has no value", node.mark());
        if (type.getRawType() == List.class) return list(arguments[0], node, what);
        if (type.getRawType() == Map.class && arguments[0] == String.class) return map(arguments[1], node, what);
        throw new IllegalStateException("no spec can fill a " + type);
    }

    private List<Object> list(Type type, Node node, String what) {
        List<Node> items = node instanceof Sequence sequence ? sequence.items() : List.of(node);
        return items.stream().map(item -> value(type, item, what)).toList();
    }

    private Map<String, Object> map(Type type, Node node, String what) {
        if (!(node instanceof Mapping mapping))
            throw new SpecException("'" + what + "' takes a map; found " + node.describe(), node.mark());
        SequencedMap<String, Object> map = new LinkedHashMap<>();
        mapping.entries().forEach((name, entry) -> {
            if (entry.origin() == Origin.ASSUMED)
                throw new SpecException(
                        "no '" + name + "' in '" + what + "'; to add one, begin with +"
                                + Names.nearest(
                                                name,
                                                mapping.without(name).entries().keySet())
                                        .map(near -> "; did you mean '" + near + "'?")
                                        .orElse(""),
                        entry.key().mark());
            map.put(name, value(type, entry.value(), name));
        });
        return Collections.unmodifiableSequencedMap(map);
    }

    private Object method(Class<?> family, Node node, String what) {
        Entry entry = single(node, what);
        Class<?> type = Families.find(family, entry.key());
        return record(type, entry.value(), List.of(), entry.key().text());
    }

    /** The one key of a method; of several, the one written here wins over inherited ones. */
    private static Entry single(Node node, String what) {
        if (node instanceof Scalar name && !name.isNull()) return new Entry(name, Mapping.empty(name.mark()));
        if (!(node instanceof Mapping mapping) || mapping.entries().isEmpty())
            throw notOne(what, node.describe(), node);
        List<Entry> entries = List.copyOf(mapping.entries().values());
        List<Entry> own =
                entries.stream().filter(e -> e.origin() != Origin.INHERITED).toList();
        List<Entry> left = own.isEmpty() ? entries : own;
        if (left.size() == 1) return left.get(0);
        Scalar second = left.get(1).key();
        throw notOne(what, left.get(0).key().describe() + " and also " + second.describe(), second);
    }

    private static SpecException notOne(String what, String found, Node where) {
        return new SpecException(
                "'" + what + "' takes a name, or one key with its parameters; found " + found, where.mark());
    }

    private Object verb(Class<?> sealed, Node node, String what) {
        Map<String, Class<?>> verbs = Families.verbs(sealed);
        Collection<Entry> all =
                node instanceof Mapping mapping ? mapping.entries().values() : List.of(single(node, what));
        List<Entry> named =
                all.stream().filter(e -> verbs.containsKey(e.key().text())).toList();
        if (named.size() > 1)
            throw new SpecException(
                    "a " + Names.of(sealed) + " is one of "
                            + named.get(0).key().describe() + " and "
                            + named.get(1).key().describe() + ", not both",
                    named.get(1).key().mark());
        if (named.isEmpty()) throw unknownVerb(sealed, verbs, all, node);
        Entry verb = named.get(0);
        List<Entry> beside = all.stream().filter(e -> e != verb).toList();
        String name = verb.key().text();
        return record(verbs.get(name), verb.value(), beside, name);
    }

    private static SpecException unknownVerb(
            Class<?> sealed, Map<String, Class<?>> verbs, Collection<Entry> all, Node node) {
        Optional<Scalar> key = all.stream()
                .map(Entry::key)
                .filter(k -> Names.nearest(k.text(), verbs.keySet()).isPresent())
                .findFirst()
                .or(() -> all.stream().map(Entry::key).findFirst());
        String found = key.map(k -> "no " + Names.of(sealed) + " is called " + k.describe())
                .orElse("a " + Names.of(sealed) + " without a name");
        String word = key.map(Scalar::text).orElse("");
        return new SpecException(
                found + Names.suggest(word, verbs.keySet()),
                key.map(Scalar::mark).orElse(node.mark()));
    }

    private Object record(Class<?> type, Node node, Collection<Entry> beside, String what) {
        SequencedMap<String, Entry> given = new LinkedHashMap<>(fields(type, node, what));
        for (Entry entry : beside) {
            if (given.putIfAbsent(entry.key().text(), entry) != null)
                throw new SpecException(
                        "duplicate key " + entry.key().describe() + " in and beside '" + what + "'",
                        entry.key().mark());
        }
        List<String> known = new ArrayList<>(Component.keys(type));
        Optional<Component> method =
                Component.of(type).stream().filter(Component::beside).findFirst();
        if (method.isPresent()) {
            take(method.get(), given, known);
            known.addAll(Families.members(method.get().rawType()).keySet());
        }
        for (Entry entry : given.values())
            if (!known.contains(entry.key().text()))
                throw new SpecException(
                        "unknown key " + entry.key().describe() + " in '" + what + "'"
                                + Names.suggest(entry.key().text(), known),
                        entry.key().mark());
        return construct(type, given, node.mark(), what);
    }

    /** Puts a method whose name stands among the keys of its record under its component's key. */
    private static void take(Component component, SequencedMap<String, Entry> given, List<String> known) {
        List<Entry> all = given.values().stream()
                .filter(e -> e.key().text().equals(component.name())
                        || !known.contains(e.key().text())
                                && Families.has(component.rawType(), e.key().text()))
                .toList();
        List<Entry> own =
                all.stream().filter(e -> e.origin() != Origin.INHERITED).toList();
        List<Entry> left = own.isEmpty() ? all : own;
        if (left.size() > 1)
            throw new SpecException(
                    "one of " + left.get(0).key().describe() + " and "
                            + left.get(1).key().describe() + " is '" + component.name() + "', not both",
                    left.get(1).key().mark());
        all.forEach(e -> given.remove(e.key().text()));
        for (Entry entry : left) {
            boolean named = entry.key().text().equals(component.name());
            Mapping method = Mapping.empty(entry.key().mark()).with(entry.from(Origin.WRITTEN));
            given.put(component.name(), named ? entry : new Entry(entry.key(), method));
        }
    }

    /** The entries of a map, or a bare value under the key it is for. */
    private static Map<String, Entry> fields(Class<?> type, Node node, String what) {
        if (node instanceof Scalar scalar && scalar.isNull()) return Map.of();
        Optional<Component> bare = Component.bare(type);
        if (node instanceof Mapping mapping && isFields(type, mapping, bare)) return mapping.entries();
        if (bare.isEmpty())
            throw new SpecException(
                    "'" + what + "' takes "
                            + (Component.keys(type).isEmpty() ? "no parameters" : "a map of " + Component.keys(type))
                            + "; found " + node.describe(),
                    node.mark());
        String name = bare.get().name();
        return Map.of(name, new Entry(new Scalar(name, false, node.mark()), node));
    }

    /** Whether a map has the keys of a record, or is as a whole the bare value of its only component. */
    private static boolean isFields(Class<?> type, Mapping mapping, Optional<Component> bare) {
        if (mapping.entries().isEmpty() || Component.of(type).size() != 1 || bare.isEmpty()) return true;
        String name = bare.get().name();
        boolean misspelled = mapping.entries().size() == 1
                && Names.nearest(mapping.entries().firstEntry().getKey(), List.of(name))
                        .isPresent();
        return misspelled || !bare.get().takesMap() || mapping.entries().containsKey(name);
    }

    private Object construct(Class<?> type, Map<String, Entry> given, Mark mark, String what) {
        List<Component> components = Component.of(type);
        Object[] values = new Object[components.size()];
        for (int i = 0; i < values.length; i++) values[i] = component(components.get(i), given, mark, what);
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(
                    components.stream().map(Component::rawType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            Object made = constructor.newInstance(values);
            marks.put(made, given, mark);
            return made;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused)
                throw new SpecException(
                        "'" + what + "': " + refused.getMessage(),
                        Marks.blamed(refused.getMessage(), given).orElse(mark));
            throw e.getCause() instanceof RuntimeException thrown ? thrown : new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make a " + type.getName(), e);
        }
    }

    private Object component(Component component, Map<String, Entry> given, Mark mark, String what) {
        if (component.inline()) return construct(component.rawType(), given, mark, what);
        Entry entry = given.get(component.name());
        if (entry != null) return value(component.type(), entry.value(), component.name());
        if (component.preset().isPresent())
            return value(component.type(), component.preset().get(), component.name());
        if (component.needed()) throw new SpecException("'" + what + "' needs '" + component.name() + "'", mark);
        return Optional.empty();
    }
}
