package org.espalier.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.espalier.spec.Node.Entry;
import org.espalier.spec.Node.Mapping;
import org.espalier.spec.Node.Origin;
import org.espalier.spec.Node.Scalar;
import org.espalier.spec.Node.Sequence;
import org.espalier.spec.Setting.Form;

/**
 * Changes a spec before it is bound. A path goes down the keys of maps. A key that a map does not have is looked for
 * among its {@code steps}, and there names <em>every</em> step with that verb or that {@code as}, however deep in steps
 * of steps; a path that reaches any other list picks its items the same way.
 *
 * <p>A key that nothing has is added where it would stand, and the binder then refuses it unless a record knows it; a
 * map of free names takes a new name only with {@code +}.
 */
public final class Overrides {
    private static final String STEPS = "steps";
    private static final String NAME = "as";

    private final Setting setting;

    private Overrides(Setting setting) {
        this.setting = setting;
    }

    /** Applies the overrides of a text such as {@code repeat.times=4 train.steps=2000} in order. */
    public static Node apply(Node root, String text) {
        Node changed = root;
        for (Setting setting : Setting.parse(text, "SET")) changed = apply(changed, setting);
        return changed;
    }

    /** Applies one override. */
    public static Node apply(Node root, Setting setting) {
        return new Overrides(setting).below(root, 0);
    }

    /** The node with the rest of the path, from key {@code i} on, applied to it. */
    private Node below(Node node, int i) {
        if (i == setting.path().size()) return setting.value();
        return switch (node) {
            case Mapping map -> inMap(map, i);
            case Sequence list -> inList(list, i).orElseThrow(() -> unknown(i, names(list)));
            case Scalar text -> inText(text, i);
        };
    }

    private Node inMap(Mapping map, int i) {
        Scalar key = setting.path().get(i);
        Entry entry = map.entries().get(key.text());
        if (entry == null && map.get(STEPS) instanceof Sequence steps) {
            Optional<Sequence> changed = inList(steps, i);
            if (changed.isPresent()) return map.with(map.entries().get(STEPS).with(changed.get()));
            if (isMisspelled(key.text(), names(steps))) throw unknown(i, names(steps));
        }
        if (entry == null) return map.with(added(map, i));
        if (isLast(i) && setting.form() == Form.REMOVE) return map.without(key.text());
        if (isLast(i)) refuseSecond(entry, i);
        Origin origin = entry.origin() == Origin.ASSUMED ? Origin.ASSUMED : Origin.WRITTEN;
        return map.with(entry.with(below(entry.value(), i + 1)).from(origin));
    }

    /** The items that key {@code i} names, changed, or nothing if it names none. */
    private Optional<Sequence> inList(Sequence list, int i) {
        String name = setting.path().get(i).text();
        List<Node> items = new ArrayList<>();
        boolean found = false;
        for (Node item : list.items()) {
            boolean named = isNamed(item, name);
            Optional<Node> deeper = inSteps(item, i);
            found |= named || deeper.isPresent();
            if (named && isLast(i) && setting.form() == Form.REMOVE) continue;
            Node changed = deeper.orElse(item);
            items.add(named ? inItem(changed, i) : changed);
        }
        return found ? Optional.of(new Sequence(items, list.mark())) : Optional.empty();
    }

    /** A step whose own steps hold what key {@code i} names. */
    private Optional<Node> inSteps(Node item, int i) {
        if (!(item instanceof Mapping map) || map.entries().isEmpty()) return Optional.empty();
        if (map.get(STEPS) instanceof Sequence steps)
            return inList(steps, i)
                    .map(changed -> map.with(map.entries().get(STEPS).with(changed)));
        Entry verb = verb(map);
        return verb.value() instanceof Mapping body && body.get(STEPS) instanceof Sequence
                ? inSteps(body, i).map(changed -> map.with(verb.with(changed)))
                : Optional.empty();
    }

    /** A step that key {@code i} names: the rest of the path is for its parameters, wherever they stand. */
    private Node inItem(Node item, int i) {
        if (!(item instanceof Mapping map)) return inText((Scalar) item, i);
        Entry verb = verb(map);
        if (isLast(i)) refuseSecond(verb, i);
        boolean beside = !isLast(i)
                && map.without(verb.key().text()).get(setting.path().get(i + 1).text()) != null;
        if (beside) return inMap(map, i + 1);
        boolean bare = !isLast(i) && verb.value() instanceof Scalar text && !text.isNull();
        return bare ? map.with(added(map, i + 1)) : map.with(verb.with(below(verb.value(), i + 1)));
    }

    /** A name becomes a map of its parameters; nothing becomes a map. */
    private Node inText(Scalar text, int i) {
        Scalar key = setting.path().get(i);
        Mapping map = Mapping.empty(text.mark());
        if (text.isNull()) return map.with(added(map, i));
        if (!text.text().equals(key.text()) || isLast(i) && setting.form() == Form.REMOVE)
            throw new SpecException(
                    text.describe() + " at " + text.mark() + " has no '" + key.text() + "' below it", key.mark());
        Mapping named = map.with(new Entry(text, map));
        return isLast(i) ? map.with(new Entry(text, setting.value())) : inMap(named, i);
    }

    private Entry added(Mapping map, int i) {
        if (setting.form() == Form.REMOVE) {
            Set<String> known = new TreeSet<>(map.entries().keySet());
            if (map.get(STEPS) instanceof Sequence steps) known.addAll(names(steps));
            throw unknown(i, known);
        }
        Origin origin = setting.form() == Form.SET ? Origin.ASSUMED : Origin.WRITTEN;
        Scalar key = setting.path().get(i);
        Mapping empty = Mapping.empty(key.mark());
        return new Entry(key, isLast(i) ? setting.value() : empty.with(added(empty, i + 1)), origin);
    }

    private void refuseSecond(Entry entry, int i) {
        if (setting.form() == Form.ADD)
            throw new SpecException(
                    entry.key().describe() + " is there already, at "
                            + entry.key().mark() + "; leave out the '+' to change it",
                    setting.path().get(i).mark());
    }

    private SpecException unknown(int i, Set<String> known) {
        Scalar key = setting.path().get(i);
        return new SpecException(
                "nothing here is called " + key.describe() + Names.suggest(key.text(), known), key.mark());
    }

    /** Whether a key is one slip away from a step; what is further off may be a key that only the record knows. */
    private static boolean isMisspelled(String key, Set<String> steps) {
        return key.length() >= 4 && steps.stream().anyMatch(name -> Names.distance(name, key) == 1);
    }

    private boolean isLast(int i) {
        return i == setting.path().size() - 1;
    }

    private static boolean isNamed(Node item, String name) {
        return ownNames(item).contains(name);
    }

    /** What an item is called: its text, or its verb and its {@code as}. */
    private static Set<String> ownNames(Node item) {
        Set<String> names = new TreeSet<>();
        if (item instanceof Scalar text) names.add(text.text());
        if (!(item instanceof Mapping map) || map.entries().isEmpty()) return names;
        Entry verb = verb(map);
        names.add(verb.key().text());
        if (map.get(NAME) instanceof Scalar name) names.add(name.text());
        if (verb.value() instanceof Mapping body && body.get(NAME) instanceof Scalar name) names.add(name.text());
        return names;
    }

    private static Set<String> names(Sequence list) {
        Set<String> names = new TreeSet<>();
        for (Node item : list.items()) {
            names.addAll(ownNames(item));
            if (!(item instanceof Mapping map) || map.entries().isEmpty()) continue;
            if (map.get(STEPS) instanceof Sequence steps) names.addAll(names(steps));
            if (verb(map).value() instanceof Mapping body && body.get(STEPS) instanceof Sequence steps)
                names.addAll(names(steps));
        }
        return names;
    }

    /** The first entry that is not the name. */
    private static Entry verb(Mapping step) {
        return step.entries().values().stream()
                .filter(entry -> !entry.key().text().equals(NAME))
                .findFirst()
                .orElseGet(() -> step.entries().firstEntry().getValue());
    }
}
