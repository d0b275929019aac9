package org.espalier.spec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.espalier.spec.Node.Scalar;

/** Finds methods by name: the class of that name in the family's package, or a full class name from anywhere. */
public final class Families {
    private static final String ROOT = "org.espalier.";

    private static final ClassValue<Map<String, Class<?>>> VERBS = new ClassValue<>() {
        @Override
        protected Map<String, Class<?>> computeValue(Class<?> sealed) {
            Map<String, Class<?>> verbs = new LinkedHashMap<>();
            for (Class<?> type : sealed.getPermittedSubclasses())
                if (type.isSealed()) verbs.putAll(verbs(type));
                else verbs.put(Names.of(type), type);
            return Collections.unmodifiableMap(verbs);
        }
    };

    private Families() {}

    /** All methods of a family by their names in specs, found by listing its package; none is initialised. */
    public static SortedMap<String, Class<?>> members(Class<?> family) {
        SortedMap<String, Class<?>> members = new TreeMap<>();
        for (String name : classNames(packageOf(family), family.getClassLoader()))
            load(packageOf(family) + "." + name, family)
                    .filter(type -> isMethod(type, family))
                    .ifPresent(type -> members.put(Names.of(type), type));
        return Collections.unmodifiableSortedMap(members);
    }

    /** The name of a method in a spec: short in its family's package, else the full class name. */
    static String name(Class<?> method, Class<?> family) {
        boolean resident = method.getPackageName().equals(packageOf(family)) && method.getEnclosingClass() == null;
        return resident ? Names.of(method) : method.getName();
    }

    /** What a family's methods are called in messages: {@code score} for {@code methods.score}. */
    static String label(Class<?> family) {
        String place = packageOf(family);
        return place.substring(place.lastIndexOf('.') + 1);
    }

    /**
     * The record of a method's name. A full class name is looked up in its class file first, so that a class which is
     * no record of the family itself is not even loaded.
     */
    static Class<?> find(Class<?> family, Scalar name) {
        boolean full = name.text().matches("[\\w$]+(\\.[\\w$]+)+");
        Optional<Class<?>> found = full
                ? Optional.of(name.text())
                        .filter(text -> declaresMethod(text, family))
                        .flatMap(text -> load(text, family))
                : Names.className(name.text()).flatMap(simple -> load(packageOf(family) + "." + simple, family));
        if (found.isPresent() && isMethod(found.get(), family)) return found.get();
        String problem = full || found.isPresent()
                ? name.describe() + " is no record that implements " + family.getName()
                : "no " + label(family) + " is called " + name.describe()
                        + Names.suggest(name.text(), members(family).keySet());
        throw new SpecException(problem, name.mark());
    }

    /** Whether a family has a method of this short name. */
    static boolean has(Class<?> family, String name) {
        return Names.className(name)
                .flatMap(simple -> load(packageOf(family) + "." + simple, family))
                .filter(type -> isMethod(type, family))
                .isPresent();
    }

    private static boolean declaresMethod(String className, Class<?> family) {
        String file = className.replace('.', '/') + ".class";
        try (InputStream in = family.getClassLoader().getResourceAsStream(file)) {
            if (in == null) return false;
            ClassModel model = ClassFile.of().parse(in.readAllBytes());
            String wanted = family.getName().replace('.', '/');
            return model.superclass()
                            .filter(parent -> parent.asInternalName().equals("java/lang/Record"))
                            .isPresent()
                    && model.interfaces().stream()
                            .anyMatch(type -> type.asInternalName().equals(wanted));
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    /** The records of a sealed interface by their names in specs, in the order of its {@code permits}. */
    static Map<String, Class<?>> verbs(Class<?> sealed) {
        return VERBS.get(sealed);
    }

    private static String packageOf(Class<?> family) {
        return ROOT + family.getAnnotation(Family.class).value();
    }

    private static boolean isMethod(Class<?> type, Class<?> family) {
        return type.isRecord() && family.isAssignableFrom(type);
    }

    private static Optional<Class<?>> load(String name, Class<?> family) {
        try {
            return Optional.of(Class.forName(name, false, family.getClassLoader()));
        } catch (ClassNotFoundException | LinkageError e) {
            return Optional.empty(); // a LinkageError is a name in the wrong case on a disk that ignores case
        }
    }

    private static List<String> classNames(String packageName, ClassLoader loader) {
        try {
            return loader.resources(packageName.replace('.', '/'))
                    .flatMap(Families::files)
                    .filter(file -> file.endsWith(".class") && !file.contains("$") && !file.contains("-"))
                    .map(file -> file.substring(0, file.length() - ".class".length()))
                    .toList();
        } catch (UncheckedIOException e) {
            return List.of(); // a folder that cannot be listed costs a suggestion, never a run
        }
    }

    private static Stream<String> files(URL folder) {
        try {
            if (folder.openConnection() instanceof JarURLConnection inJar) return files(inJar);
            try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
                return files.map(file -> file.getFileName().toString()).toList().stream();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(folder.toString(), e);
        }
    }

    private static Stream<String> files(JarURLConnection inJar) throws IOException {
        String prefix = inJar.getEntryName() + (inJar.getEntryName().endsWith("/") ? "" : "/");
        try (JarFile jar = new JarFile(
                Path.of(URI.create(inJar.getJarFileURL().toString())).toFile())) {
            return jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith(prefix) && name.indexOf('/', prefix.length()) < 0)
                    .map(name -> name.substring(prefix.length()))
                    .toList()
                    .stream();
        }
    }
}
