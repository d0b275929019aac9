package org.espalier.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.espalier.kernels.refused.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kernels are written for two compilers; what TornadoVM's cannot take has to fail here, long before a GPU is at hand. */
class KernelShapeTest {
    private static final Path SOURCES = Path.of("src/main/java/org/espalier/kernels");
    private static final Pattern KERNEL =
            Pattern.compile("int first,\\s+int count\\)\\s*\\{|public static void \\w+\\(\\s*KernelContext");

    @Test
    void everyKernelCanBeCompiledByTornado() throws IOException, URISyntaxException {
        List<String> refusals = new ArrayList<>();
        int classes = 0, kernels = 0;
        for (Path file : filesBelow(classes().resolve("org/espalier/kernels"), ".class")) {
            KernelShape shape = KernelShape.of(Files.readAllBytes(file));
            refusals.addAll(shape.refusals());
            kernels += shape.kernels();
            classes++;
        }
        System.out.println("KernelShapeTest: " + kernels + " kernels in " + classes + " classes");
        assertThat(refusals).isEmpty();
        assertThat(kernels)
                .as("kernels found in the class files, beside those in the sources")
                .isEqualTo(kernelsInSources());
        assertThat(kernels).isGreaterThanOrEqualTo(20);
    }

    @Test
    void acceptsAKernelWithoutFault() throws IOException {
        for (String fine : List.of("Fine", "FineTuned")) {
            KernelShape shape = KernelShape.of(bytes(fine));
            assertThat(shape.refusals()).isEmpty();
            assertThat(shape.kernels()).isEqualTo(1);
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "NewObject     | allocates",
                "UnsignedShift | shifts by >>>",
                "NewArray      | allocates",
                "NewReferences | allocates",
                "OpenClFunction | the name of a function of OpenCL's",
                "OpenClWord    | a word of OpenCL's",
                "Dynamic       | allocates",
                "Instance      | not static",
                "State         | state; only constants",
                "StaticState   | state; only constants",
                "StaticState   | touches the field",
                "Synchronized  | synchronized",
                "Monitor       | synchronizes",
                "Throwing      | throws",
                "Catching      | handles exceptions",
                "ForeignCall   | calls java.lang.Math.max",
                "UnmappedMath  | which no device maps",
                "VirtualCall   | calls the instance method",
                "TooMany       | own arguments, more than 13",
                "NoSlice       | does not end in int first, int count",
                "OtherNames    | not called first and count",
                "ParameterType | parameter of type short[]",
                "Returning     | returns a value",
                "FromFirst     | does not start at the constant 0",
                "ByTwo         | does not advance by the constant 1",
                "ByVariable    | does not advance by the constant 1",
                "OtherBound    | does not run to count",
                "Sequential    | no loop is @Parallel",
                "InDouble      | computes in long or double",
                "InLong        | computes in long or double",
                "DoubleMath    | computes in long or double",
                "Recursive     | calls itself",
                "ContextTwice  | more than once",
                "ContextPlane  | touches the field localIdy",
                "LocalSize     | whose size is not a constant",
                "OwnSize       | whose size is not a constant",
                "GlobalBarrier | calls the instance method",
                "ContextNoEnd  | does not end in int first, int count",
            })
    void refuses(String faulty, String why) throws IOException {
        assertThat(KernelShape.of(bytes(faulty)).refusals())
                .anySatisfy(refusal -> assertThat(refusal).contains(why));
    }

    @Test
    void everyFaultyKernelIsTried() throws NoSuchMethodException {
        String[] tried = getClass()
                .getDeclaredMethod("refuses", String.class, String.class)
                .getAnnotation(CsvSource.class)
                .value();
        for (Class<?> faulty : Refused.class.getDeclaredClasses())
            if (faulty != Refused.Fine.class && faulty != Refused.FineTuned.class)
                assertThat(tried).anyMatch(line -> line.startsWith(faulty.getSimpleName() + " "));
    }

    @Test
    void refusesKernelsCompiledWithoutVariableTables() throws IOException {
        ClassFile stripped = ClassFile.of(ClassFile.DebugElementsOption.DROP_DEBUG);
        byte[] bytes = stripped.transformClass(
                stripped.parse(bytes("Fine")), java.lang.classfile.ClassTransform.transformingMethods((m, e) -> {
                    if (e instanceof java.lang.classfile.CodeModel code)
                        m.transformCode(code, java.lang.classfile.CodeTransform.ACCEPT_ALL);
                    else m.with(e);
                }));
        assertThat(KernelShape.of(bytes).refusals())
                .anySatisfy(r -> assertThat(r).contains("compile with -g"));
    }

    private static byte[] bytes(String faulty) throws IOException {
        try (var in = Refused.class.getResourceAsStream("Refused$" + faulty + ".class")) {
            return in.readAllBytes();
        }
    }

    private static Path classes() throws URISyntaxException {
        return Path.of(
                MatMul.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static int kernelsInSources() throws IOException {
        int found = 0;
        for (Path file : filesBelow(SOURCES, ".java"))
            found += (int) KERNEL.matcher(Files.readString(file)).results().count();
        return found;
    }

    private static List<Path> filesBelow(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(f -> f.toString().endsWith(ending)).toList();
        }
    }
}
