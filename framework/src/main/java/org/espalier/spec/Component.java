package org.espalier.spec;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A component of a record as a spec sees it.
 *
 * @param name in kebab-case
 * @param type declared type
 * @param preset what stands for it when absent: its {@link Default}, or nothing
 * @param inline whether its keys stand among the record's own
 * @param presentation whether it is left out of keys
 * @param marked whether it is marked as the one that a value without a key is for
 * @param beside whether it is a method whose name may stand among the record's own keys
 */
public record Component(
        String name,
        Type type,
        Optional<Node> preset,
        boolean inline,
        boolean presentation,
        boolean marked,
        boolean beside,
        Method accessor) {
    private static final ClassValue<List<Component>> CACHE = new ClassValue<>() {
        @Override
        protected List<Component> computeValue(Class<?> record) {
            return Arrays.stream(record.getRecordComponents())
                    .map(c -> Component.of(record, c))
                    .toList();
        }
    };

    /** The components of a record in order. */
    public static List<Component> of(Class<?> record) {
        return CACHE.get(record);
    }

    private static Component of(Class<?> record, RecordComponent c) {
        AnnotatedElement marks = c;
        Optional<Node> preset = Optional.ofNullable(marks.getAnnotation(Default.class))
                .map(d -> Yaml.parse(d.value(), "@Default of " + record.getSimpleName() + "." + c.getName()));
        c.getAccessor().setAccessible(true);
        return new Component(
                Names.kebab(c.getName()),
                c.getGenericType(),
                preset,
                marks.isAnnotationPresent(Inline.class),
                marks.isAnnotationPresent(Presentation.class),
                marks.isAnnotationPresent(Bare.class),
                marks.isAnnotationPresent(Beside.class),
                c.getAccessor());
    }

    /** The keys a record takes, those of inlined records among them. */
    public static List<String> keys(Class<?> record) {
        List<String> keys = new ArrayList<>();
        for (Component c : of(record))
            if (c.inline) keys.addAll(keys(c.rawType()));
            else keys.add(c.name);
        return keys;
    }

    /** The component that a value without a key is for: the only one, the marked one, or the only one that must be given. */
    static Optional<Component> bare(Class<?> record) {
        List<Component> all = of(record).stream().filter(c -> !c.inline).toList();
        Optional<Component> marked = all.stream().filter(Component::marked).findFirst();
        if (marked.isPresent()) return marked;
        List<Component> needed = all.stream().filter(Component::needed).toList();
        return Optional.ofNullable(all.size() == 1 ? all.get(0) : needed.size() == 1 ? needed.get(0) : null);
    }

    /** Whether a record is wrong without it. */
    public boolean needed() {
        return preset.isEmpty() && rawType() != Optional.class;
    }

    /** The class of the declared type. */
    public Class<?> rawType() {
        return (Class<?>) (type instanceof ParameterizedType generic ? generic.getRawType() : type);
    }

    /** Whether a map can be its value as it is. */
    boolean takesMap() {
        Class<?> raw = rawType();
        return raw == Map.class || raw == Node.class || raw.isRecord() || raw.isInterface() && raw != List.class;
    }

    /** The value in a record. */
    Object in(Object record) {
        try {
            return accessor.invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + accessor, e);
        }
    }
}
