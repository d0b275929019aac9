package org.espalier.spec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.espalier.spec.Node.Entry;
import org.espalier.spec.Node.Mapping;
import org.espalier.spec.Node.Origin;
import org.espalier.spec.Node.Scalar;
import org.espalier.spec.Node.Sequence;

/**
 * Reads a spec with the files it {@code extends}: maps merge deeply, anything else is replaced, later files win. Every
 * node keeps the place in its own file. Where one map names a method and the other another, the extending file's wins.
 */
public final class Extends {
    private static final String KEY = "extends";
    private static final int FILES = 50;

    private int files;

    private Extends() {}

    /** Reads a file and all it extends; paths are relative to the file that names them. */
    public static Mapping read(Path file) {
        return new Extends().read(file, List.of());
    }

    private Mapping read(Path file, List<Path> below) {
        Node root = Yaml.read(file);
        if (!(root instanceof Mapping own))
            throw new SpecException("a spec is a map; found " + root.describe(), root.mark());
        List<Path> chain =
                Stream.concat(below.stream(), Stream.of(absolute(file))).toList();
        Mapping merged = Mapping.empty(own.mark());
        for (Node base : bases(own)) merged = merge(merged, next(base, file, chain));
        return merge(merged, own.without(KEY));
    }

    private Mapping next(Node base, Path file, List<Path> chain) {
        if (++files > FILES) throw new SpecException("extends more than " + FILES + " files", base.mark());
        return read(resolve(base, file, chain), chain);
    }

    private static List<Node> bases(Mapping own) {
        Node value = own.get(KEY);
        return value == null ? List.of() : value instanceof Sequence several ? several.items() : List.of(value);
    }

    private static Path resolve(Node base, Path file, List<Path> chain) {
        if (!(base instanceof Scalar name) || name.isNull())
            throw new SpecException("'extends' takes a file or a list of files; found " + base.describe(), base.mark());
        Path path = file.resolveSibling(name.text()).normalize();
        if (chain.contains(absolute(path)))
            throw new SpecException(
                    "'" + name.text() + "' extends itself, by way of "
                            + chain.getLast().getFileName(),
                    base.mark());
        if (!Files.isRegularFile(path)) throw new SpecException("no such file: " + path, base.mark());
        return path;
    }

    private static Path absolute(Path file) {
        return file.toAbsolutePath().normalize();
    }

    /** {@code own} over {@code base}. */
    static Mapping merge(Mapping base, Mapping own) {
        SequencedMap<String, Entry> merged = new LinkedHashMap<>();
        base.entries().forEach((key, entry) -> merged.put(key, entry.from(Origin.INHERITED)));
        own.entries().forEach((key, entry) -> {
            boolean both = base.get(key) instanceof Mapping && entry.value() instanceof Mapping;
            merged.put(key, both ? entry.with(merge((Mapping) base.get(key), (Mapping) entry.value())) : entry);
        });
        return new Mapping(merged, own.mark());
    }
}
