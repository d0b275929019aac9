package org.espalier.spec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.espalier.spec.Node.Entry;
import org.espalier.spec.Node.Mapping;
import org.espalier.spec.Node.Scalar;
import org.espalier.spec.Node.Sequence;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Composes nodes from SnakeYAML's events. It works on events and not on SnakeYAML's own nodes, because those no longer
 * tell a written tag from a resolved one.
 */
final class NodeReader {
    private static final int DEPTH = 50;
    private static final int ALIASES = 50;
    private static final int LONGEST_KEY = 200;
    private static final int NODES = 50_000;

    /** A finished anchor; a null one in the table is still open. */
    private record Anchored(Node node, int nodes, int height) {}

    private final ParserImpl parser;
    private final Mark start;
    private final Map<String, Anchored> anchors = new HashMap<>();
    private int aliases;
    private int nodes;
    private int deepest;

    NodeReader(String text, Mark start) {
        this.parser = new ParserImpl(new StreamReader(text), new LoaderOptions());
        this.start = start;
    }

    Node document() {
        try {
            parser.getEvent();
            if (parser.checkEvent(Event.ID.StreamEnd)) return new Scalar("", false, start);
            parser.getEvent();
            Node root = node(1);
            parser.getEvent();
            if (!parser.checkEvent(Event.ID.StreamEnd))
                throw new SpecException("a second document begins here; a file is one spec", mark(parser.peekEvent()));
            return root;
        } catch (MarkedYAMLException e) {
            var place = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
            throw new SpecException(explain(e), place == null ? start : mark(place.getLine(), place.getColumn()));
        } catch (YAMLException | IllegalArgumentException e) {
            throw new SpecException("not YAML: " + e.getMessage(), start);
        }
    }

    private Node node(int depth) {
        Event event = parser.getEvent();
        Mark mark = mark(event);
        if (event instanceof AliasEvent alias) return alias(alias.getAnchor(), depth, mark);
        count(1, depth, mark);
        String anchor = ((NodeEvent) event).getAnchor();
        if (anchor == null) return content(event, depth, mark);
        if (anchors.containsKey(anchor)) throw new SpecException("a second anchor '&" + anchor + "'", mark);
        if (anchors.size() == ALIASES) throw new SpecException("more than " + ALIASES + " anchors", mark);
        anchors.put(anchor, null);
        int before = nodes - 1;
        int outer = deepest;
        deepest = depth;
        Node node = content(event, depth, mark);
        anchors.put(anchor, new Anchored(node, nodes - before, deepest - depth));
        deepest = Math.max(deepest, outer);
        return node;
    }

    private Node alias(String name, int depth, Mark mark) {
        if (++aliases > ALIASES) throw new SpecException("more than " + ALIASES + " aliases", mark);
        Anchored anchored = anchors.get(name);
        if (anchored == null)
            throw new SpecException(
                    anchors.containsKey(name) ? "'*" + name + "' contains itself" : "no anchor '&" + name + "' above",
                    mark);
        count(anchored.nodes(), depth + anchored.height(), mark);
        return anchored.node();
    }

    private Node content(Event event, int depth, Mark mark) {
        if (event instanceof ScalarEvent scalar) {
            refuseTag(scalar.getTag(), mark);
            refuseNoCharacter(scalar.getValue(), mark);
            return new Scalar(scalar.getValue(), scalar.getScalarStyle() != ScalarStyle.PLAIN, mark);
        }
        refuseTag(((CollectionStartEvent) event).getTag(), mark);
        return event instanceof MappingStartEvent ? mapping(depth, mark) : sequence(depth, mark);
    }

    private Node sequence(int depth, Mark mark) {
        List<Node> items = new ArrayList<>();
        while (!parser.checkEvent(Event.ID.SequenceEnd)) items.add(node(depth + 1));
        parser.getEvent();
        return new Sequence(items, mark);
    }

    private Node mapping(int depth, Mark mark) {
        SequencedMap<String, Entry> entries = new LinkedHashMap<>();
        while (!parser.checkEvent(Event.ID.MappingEnd)) {
            Scalar key = key(node(depth + 1), entries);
            entries.put(key.text(), new Entry(key, node(depth + 1)));
        }
        parser.getEvent();
        return new Mapping(entries, mark);
    }

    private static Scalar key(Node node, Map<String, Entry> above) {
        if (!(node instanceof Scalar key))
            throw new SpecException("a key must be a word, not " + node.describe(), node.mark());
        if (key.text().isEmpty()) throw new SpecException("an empty key", key.mark());
        if (key.text().length() > LONGEST_KEY)
            throw new SpecException("a key of more than " + LONGEST_KEY + " characters", key.mark());
        if (key.text().equals("<<") && !key.quoted())
            throw new SpecException("merge keys are not read; 'extends: other.yaml' merges whole files", key.mark());
        Entry first = above.get(key.text());
        if (first != null)
            throw new SpecException(
                    "duplicate key " + key.describe() + ", first in line "
                            + first.key().mark().line(),
                    key.mark());
        return key;
    }

    private void count(int more, int depth, Mark mark) {
        nodes += more;
        deepest = Math.max(deepest, depth);
        if (depth > DEPTH) throw new SpecException("nested deeper than " + DEPTH + " levels", mark);
        if (nodes > NODES) throw new SpecException("more than " + NODES + " values, aliases unfolded", mark);
    }

    private static void refuseTag(String tag, Mark mark) {
        if (tag == null) return;
        String written = tag.replace("tag:yaml.org,2002:", "!!");
        throw new SpecException("tags are not read: '" + written + "'; the record says the type", mark);
    }

    /** Escapes can spell what no file can be called and no UTF-8 can hold: zero, and half of a pair of units. */
    private static void refuseNoCharacter(String text, Mark mark) {
        for (int c : text.codePoints().toArray())
            if (c == 0 || Character.getType(c) == Character.SURROGATE)
                throw new SpecException("U+%04X is no character of a text".formatted(c), mark);
    }

    private static String explain(MarkedYAMLException e) {
        String problem = String.valueOf(e.getProblem());
        if (problem.contains("\\t(TAB)")) return "a tab; write spaces";
        if (problem.startsWith("expected <block end>")) return "this line's indentation fits no line above";
        return "not YAML: " + problem + (e.getContext() == null ? "" : " (" + e.getContext() + ")");
    }

    private Mark mark(Event event) {
        return mark(event.getStartMark().getLine(), event.getStartMark().getColumn());
    }

    private Mark mark(int line, int column) {
        return new Mark(start.file(), start.line() + line, (line == 0 ? start.column() : 1) + column);
    }
}
