package org.espalier;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The layers, and one door for each library. What a new class may use is decided here and nowhere else. */
class ArchitectureTest {
    private static final String ROOT = "org.espalier";

    /** Lowest first; packages of one line may use each other as long as no cycle arises. */
    private static final List<Set<String>> LAYERS = List.of(
            Set.of("kernels"),
            Set.of("launch"),
            Set.of("engine"),
            Set.of("models", "data"),
            Set.of("train", "prune", "measure", "select"),
            Set.of("experiment"),
            Set.of("sweep", "report"),
            Set.of("cli"));

    /** Used by everyone, using nobody. */
    private static final Set<String> LEAVES = Set.of("spec", "track");

    /** Library packages, and the only place of ours that may touch them. */
    private static final Map<String, String> DOORS = Map.ofEntries(
            Map.entry("org.bytedeco..", "launch.."),
            Map.entry("java.lang.foreign..", "launch.."),
            Map.entry("jdk.incubator.vector..", "launch.."),
            Map.entry("org.nd4j..", "engine.."),
            Map.entry("org.yaml..", "spec.."),
            Map.entry("org.mlflow..", "track.."),
            Map.entry("java.sql..", "track.."),
            Map.entry("tech.tablesaw..", "report.."),
            Map.entry("org.knowm.xchart..", "report.."),
            Map.entry("org.apache.batik..", "report.."),
            Map.entry("ai.djl..", "data.text.."),
            Map.entry("com.github.luben..", "data.select.."),
            Map.entry("picocli..", "cli.."));

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @Test
    void sawEnoughClassesNotToPassBySeeingNothing() {
        assertThat(OURS).hasSizeGreaterThan(200);
    }

    @Test
    void layersDependOnLowerOnesOnly() {
        LayeredArchitecture rule = Architectures.layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true);
        for (String leaf : LEAVES) {
            rule = rule.layer(leaf).definedBy(within(leaf)).whereLayer(leaf).mayNotAccessAnyLayer();
        }
        for (Set<String> layer : LAYERS) {
            for (String name : layer) {
                rule = rule.layer(name).definedBy(within(name));
            }
        }
        List<String> below = new ArrayList<>(LEAVES);
        for (Set<String> layer : LAYERS) {
            below.addAll(layer);
            for (String name : layer) {
                rule = rule.whereLayer(name)
                        .mayOnlyAccessLayers(below.stream()
                                .filter(other -> !other.equals(name))
                                .toArray(String[]::new));
            }
        }
        rule.check(OURS);
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(OURS);
    }

    @Test
    void nothingImportsMethodsAndFamiliesDoNotKnowEachOther() {
        noClasses()
                .that(not(resideInAPackage(within("methods"))))
                .should()
                .dependOnClassesThat(resideInAPackage(within("methods")))
                .check(OURS);
        noClasses()
                .that()
                .resideInAPackage(within("methods"))
                .should()
                .dependOnClassesThat(resideInAnyPackage(within("sweep"), within("report"), within("cli")))
                .allowEmptyShould(true)
                .check(OURS);
        slices().matching(ROOT + ".methods.(*)..")
                .should()
                .notDependOnEachOther()
                .allowEmptyShould(true)
                .check(OURS);
    }

    @Test
    void methodsArePublicRecords() {
        classes()
                .that()
                .resideInAPackage(within("methods"))
                .and()
                .areTopLevelClasses()
                .should()
                .bePublic()
                .andShould()
                .beRecords()
                .allowEmptyShould(true)
                .check(OURS);
    }

    @TestFactory
    Stream<DynamicTest> eachLibraryHasOneDoor() {
        return DOORS.entrySet().stream()
                .map(door -> DynamicTest.dynamicTest(
                        door.getKey() + " in " + door.getValue(),
                        () -> onlyDoor(door.getKey(), ROOT + "." + door.getValue())
                                .check(OURS)));
    }

    @Test
    void onlyLinAlgUsesNd4j() {
        noClasses()
                .that()
                .haveNameNotMatching("org[.]espalier[.]engine[.]LinAlg([$].*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.nd4j..")
                .check(OURS);
    }

    @Test
    void tornadoIsUsedInLaunchAndKernelsSeeItsAnnotationsAndMathematicsOnly() {
        noClasses()
                .that(not(resideInAnyPackage(within("launch"), within("kernels"))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("uk.ac.manchester.tornado..")
                .check(OURS);
        classes()
                .that()
                .resideInAPackage(within("kernels"))
                .should()
                .onlyDependOnClassesThat(describe("kernels may use", ArchitectureTest::allowedInKernels))
                .allowEmptyShould(true)
                .check(OURS);
    }

    @Test
    void onlyTheCommandLinePrints() {
        noClasses()
                .that(not(resideInAPackage(within("cli"))))
                .should(ACCESS_STANDARD_STREAMS)
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(OURS);
    }

    @Test
    void noTwoClassesShareASimpleName() {
        Map<String, Set<String>> named = OURS.stream()
                .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                .collect(groupingBy(JavaClass::getSimpleName, mapping(JavaClass::getPackageName, toSet())));
        named.values().removeIf(packages -> packages.size() == 1);
        assertThat(named).isEmpty();
    }

    private static ArchRule onlyDoor(String library, String door) {
        return noClasses()
                .that(not(resideInAPackage(door)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }

    private static boolean allowedInKernels(JavaClass type) {
        JavaClass base = type.getBaseComponentType();
        String name = base.getPackageName();
        return base.isPrimitive()
                || name.equals("java.lang")
                || name.equals(ROOT + ".kernels")
                || name.startsWith(ROOT + ".kernels.")
                || name.equals("uk.ac.manchester.tornado.api.annotations")
                || base.getFullName().equals("uk.ac.manchester.tornado.api.KernelContext")
                || base.getFullName().equals("uk.ac.manchester.tornado.api.math.TornadoMath");
    }

    private static String within(String layer) {
        return ROOT + "." + layer + "..";
    }
}
