package org.espalier.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.espalier.spec.Default;
import org.espalier.spec.Family;
import org.espalier.spec.Inline;
import org.espalier.spec.Names;
import org.espalier.spec.Paper;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "describe", description = "Describe a method: its parameters, its paper, the experiments that use it.")
final class DescribeCommand implements Callable<Integer> {
    /** {@code absent} is the YAML that stands for a missing value, or null where the value is required. */
    record Parameter(String name, String type, String absent) {}

    record Description(
            String family,
            String name,
            String className,
            String paper,
            String id,
            List<String> tags,
            List<Parameter> parameters,
            List<String> experiments) {}

    @Mixin
    private Output output;

    @Parameters(paramLabel = "NAME", description = "As a spec writes it, for example magnitude.")
    private String name;

    @Override
    public Integer call() throws IOException {
        List<String> specs = specsNaming(name);
        List<Description> found = Catalogue.entries().stream()
                .filter(entry -> entry.name().equals(name))
                .map(entry -> describe(entry, specs))
                .toList();
        if (found.isEmpty()) throw new Refusal("nothing is called " + name + "; \"espalier list\" shows what there is");
        output.result(found, () -> found.stream().map(DescribeCommand::text).collect(Collectors.joining("\n")));
        return 0;
    }

    private static Description describe(Catalogue.Entry entry, List<String> specs) {
        Class<?> type = entry.type();
        Paper paper = type.getAnnotation(Paper.class);
        return new Description(
                entry.family(),
                entry.name(),
                type.getName(),
                paper == null ? "" : paper.title() + " (" + paper.year() + ")",
                paper == null ? "" : paper.id(),
                paper == null ? List.of() : List.of(paper.tags()),
                parameters(type).toList(),
                specs);
    }

    private static Stream<Parameter> parameters(Class<?> record) {
        return Arrays.stream(record.getRecordComponents()).flatMap(component -> {
            if (component.isAnnotationPresent(Inline.class)) return parameters(component.getType());
            Default absent = component.getAnnotation(Default.class);
            String preset = component.getType() == Optional.class ? "null" : null;
            return Stream.of(new Parameter(
                    Names.kebab(component.getName()),
                    typeName(component.getGenericType()),
                    absent == null ? preset : absent.value()));
        });
    }

    private static String typeName(Type type) {
        if (type instanceof ParameterizedType generic)
            return typeName(generic.getRawType())
                    + Arrays.stream(generic.getActualTypeArguments())
                            .map(DescribeCommand::typeName)
                            .collect(Collectors.joining(", ", " of ", ""));
        if (type instanceof Class<?> plain) {
            Family family = plain.getAnnotation(Family.class);
            if (family != null) return "one of " + family.value().replaceFirst("^methods[.]", "");
            if (plain.isEnum())
                return Arrays.stream(plain.getEnumConstants())
                        .map(constant -> Names.kebab(constant.toString()))
                        .collect(Collectors.joining(" | "));
            return plain.getSimpleName().toLowerCase(Locale.ROOT);
        }
        return type.getTypeName();
    }

    private static String text(Description method) {
        StringBuilder text =
                new StringBuilder(method.name() + " (" + method.family() + ", " + method.className() + ")\n");
        if (!method.paper().isEmpty()) text.append("  paper: ").append(method.paper());
        if (!method.id().isEmpty()) text.append(", ").append(method.id());
        if (!method.paper().isEmpty()) text.append('\n');
        if (!method.tags().isEmpty())
            text.append("  tags: ").append(String.join(", ", method.tags())).append('\n');
        if (method.parameters().isEmpty()) text.append("  no parameters\n");
        for (Parameter each : method.parameters())
            text.append("  ")
                    .append(each.name())
                    .append(": ")
                    .append(each.type())
                    .append(each.absent() == null ? ", required" : ", default " + each.absent())
                    .append('\n');
        for (String spec : method.experiments())
            text.append("  used in ").append(spec).append('\n');
        return text.toString();
    }

    /** A name counts where it stands as a word of its own outside a comment. */
    private static List<String> specsNaming(String name) throws IOException {
        Path folder = Home.experiments();
        if (!Files.isDirectory(folder)) return List.of();
        Pattern word = Pattern.compile("(?m)^[^#\n]*(?<![\\w-])" + Pattern.quote(name) + "(?![\\w-])");
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> word.matcher(read(file)).find())
                    .map(file -> "experiments/" + folder.relativize(file))
                    .sorted()
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
