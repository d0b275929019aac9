package org.espalier.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.espalier.spec.Family;
import org.espalier.spec.Names;

/**
 * Everything that a spec can name, found by place: the public records of a package that implement the interface whose
 * {@link Family} is that package.
 */
final class Catalogue {
    /**
     * @param family the family's package below {@code org.espalier}, without {@code methods.}
     * @param name as a spec writes it
     */
    record Entry(String family, String name, Class<?> type) {}

    private static final String ROOT = "org.espalier.";

    private Catalogue() {}

    /** All entries, by family and name. */
    static List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (String name : classNames()) {
            Class<?> type = load(name);
            if (type.isRecord() && isFamilyOf(type)) entries.add(entry(type));
        }
        entries.sort(Comparator.comparing(Entry::family).thenComparing(Entry::name));
        return entries;
    }

    private static Entry entry(Class<?> type) {
        String family = type.getPackageName().substring(ROOT.length()).replaceFirst("^methods[.]", "");
        return new Entry(family, Names.of(type), type);
    }

    private static boolean isFamilyOf(Class<?> type) {
        return interfaces(type).stream()
                .map(each -> each.getAnnotation(Family.class))
                .anyMatch(family -> family != null && type.getPackageName().equals(ROOT + family.value()));
    }

    private static Set<Class<?>> interfaces(Class<?> type) {
        Set<Class<?>> all = new LinkedHashSet<>();
        for (Class<?> direct : type.getInterfaces()) {
            all.add(direct);
            all.addAll(interfaces(direct));
        }
        return all;
    }

    /** Top-level classes in packages of packages: families lie there, and nothing else needs to be loaded. */
    private static List<String> classNames() {
        try {
            Path origin = Path.of(Catalogue.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            if (Files.isDirectory(origin)) return classNames(origin);
            try (FileSystem jar = FileSystems.newFileSystem(origin)) {
                return classNames(jar.getPath("/"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the program's own classes", e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> classNames(Path root) throws IOException {
        Path ours = root.resolve(ROOT.replace('.', '/'));
        try (Stream<Path> files = Files.walk(ours)) {
            return files.filter(file -> ours.relativize(file).getNameCount() >= 3)
                    .map(file -> root.relativize(file).toString().replace('/', '.'))
                    .filter(name -> name.matches("[\\w.]+[.]class"))
                    .map(name -> name.substring(0, name.length() - ".class".length()))
                    .toList();
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, Catalogue.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
