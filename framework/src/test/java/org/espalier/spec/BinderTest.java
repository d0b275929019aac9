package org.espalier.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.espalier.spec.toy.ToyAllocator;
import org.espalier.spec.toy.ToyExperiment;
import org.espalier.spec.toy.ToyModel;
import org.espalier.spec.toy.ToyOptimiser;
import org.espalier.spec.toy.ToyPattern;
import org.espalier.spec.toy.ToyScore;
import org.espalier.spec.toy.ToySource;
import org.espalier.spec.toy.ToyStep;
import org.espalier.spec.toy.Toys;
import org.espalier.spec.toy.allocate.PerLayer;
import org.espalier.spec.toy.model.Lenet;
import org.espalier.spec.toy.optimise.Adam;
import org.espalier.spec.toy.optimise.Sgd;
import org.espalier.spec.toy.pattern.NOfM;
import org.espalier.spec.toy.pattern.Unstructured;
import org.espalier.spec.toy.score.Gblm;
import org.espalier.spec.toy.score.Magnitude;
import org.espalier.spec.toy.score.Wanda;
import org.espalier.spec.toy.source.Mnist;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BinderTest {
    record Numbers(
            @Default("0") int i,
            @Default("0") long l,
            @Default("0") double d,
            @Default("0") float f) {}

    record Texts(@Default("x") String text, @Default("true") boolean flag) {}

    /** A method kept outside the project's packages would look like this to the binder. */
    public record Outside(int size) implements ToyScore {}

    private static <T> T bind(Class<T> type, String yaml) {
        return Binder.bind(type, Yaml.parse(yaml, "toy.yaml"));
    }

    private static void refuses(Class<?> type, String yaml, String message) {
        assertThatThrownBy(() -> bind(type, yaml))
                .isInstanceOf(SpecException.class)
                .hasMessage(message);
    }

    @Test
    void readsAWholeExperiment() {
        ToyExperiment ticket = bind(ToyExperiment.class, Toys.TICKET);
        assertThat(ticket.seeds()).containsExactly(1L, 2L, 3L);
        assertThat(ticket.model()).isEqualTo(new Lenet(List.of(300, 100), Lenet.Init.GLOROT_NORMAL));
        assertThat(ticket.data())
                .containsEntry("test", new Mnist(Mnist.Part.TEST, 0))
                .containsOnlyKeys("train", "valid", "test");
        assertThat(ticket.steps().get(0)).isEqualTo(new ToyStep.Save("init"));
        var repeat = (ToyStep.Repeat) ticket.steps().get(1);
        assertThat(repeat.steps().get(0))
                .isEqualTo(new ToyStep.Train(
                        Optional.empty(),
                        "train",
                        60,
                        50_000,
                        new Adam(0.0012, List.of(0.9, 0.999), 1e-8),
                        Optional.of(new ToyStep.Watch("valid", 100, List.of("loss", "accuracy"))),
                        500));
        assertThat(repeat.steps().get(2))
                .isEqualTo(new ToyStep.Prune(
                        new Magnitude(),
                        new PerLayer(Map.of("output", 0.1)),
                        new Unstructured(Unstructured.Within.LAYER),
                        List.of(),
                        new ToyStep.Amount(0.2, ToyStep.Amount.Of.REMAINING)));
        assertThat(repeat.steps().get(5)).isEqualTo(new ToyStep.Rewind("init", Optional.empty()));
    }

    @Test
    void readsAMethodFromItsNameOrOneKey() {
        assertThat(bind(ToyScore.class, "wanda")).isEqualTo(new Wanda());
        assertThat(bind(ToyScore.class, "wanda:")).isEqualTo(new Wanda());
        assertThat(bind(ToyScore.class, "{ gblm: { alpha: 3 } }")).isEqualTo(new Gblm(3, false));
        assertThat(bind(ToyPattern.class, "n-of-m: { keep: 2, of: 4 }")).isEqualTo(new NOfM(Optional.of(2), 4));
        assertThat(bind(ToyScore.class, "{ org.espalier.spec.BinderTest$Outside: 3 }"))
                .isEqualTo(new Outside(3));
    }

    @Test
    void readsABareValueForTheOnlyComponent() {
        assertThat(bind(ToyPattern.class, "unstructured: row")).isEqualTo(new Unstructured(Unstructured.Within.ROW));
        assertThat(bind(ToyPattern.class, "unstructured: column-block"))
                .isEqualTo(new Unstructured(Unstructured.Within.COLUMN_BLOCK));
        assertThat(bind(ToyPattern.class, "n-of-m: 4")).isEqualTo(new NOfM(Optional.empty(), 4));
        assertThat(bind(ToyOptimiser.class, "sgd: 0.1")).isEqualTo(new Sgd(0.1, 0.9, false));
        assertThat(bind(ToyAllocator.class, "per-layer: { a: 1, b: 2 }"))
                .isEqualTo(new PerLayer(Map.of("a", 1.0, "b", 2.0)));
        assertThat(bind(ToyModel.class, "lenet: { hidden: 20 }"))
                .isEqualTo(new Lenet(List.of(20), Lenet.Init.GLOROT_NORMAL));
    }

    @Test
    void readsParametersBesideAVerb() {
        var train = new ToyStep.Train(
                Optional.of("control"),
                "train",
                60,
                5,
                new Adam(1e-3, List.of(0.9, 0.999), 1e-8),
                Optional.empty(),
                500);
        assertThat(bind(ToyStep.class, "{ train: { as: control, data: train, steps: 5 } }"))
                .isEqualTo(train);
        assertThat(bind(ToyStep.class, "{ train: { data: train, steps: 5 }, as: control }"))
                .isEqualTo(train);
        assertThat(bind(ToyStep.class, "as: control\ntrain:\ndata: train\nsteps: 5"))
                .isEqualTo(train);
        assertThat(bind(ToyStep.class, "{ rewind: init, as: back }"))
                .isEqualTo(new ToyStep.Rewind("init", Optional.of("back")));
        assertThat(bind(ToyStep.class, "reinit")).isEqualTo(new ToyStep.Reinit(1));
    }

    @Test
    void readsScalarsAsTheTypeThatReceivesThem() {
        assertThat(bind(Numbers.class, "{ i: 010, l: 50_000, d: 1e-4, f: 2 }"))
                .isEqualTo(new Numbers(10, 50_000, 1e-4, 2));
        assertThat(bind(Numbers.class, "{ i: 1e3, l: -7, d: .inf, f: -.5 }"))
                .isEqualTo(new Numbers(1000, -7, Double.POSITIVE_INFINITY, -0.5f));
        for (String text : List.of("no", "on", "010", "1:30", "2:4", "2024-01-01", "50_000", "1e-4", "0x10", "true"))
            assertThat(bind(Texts.class, "text: " + text).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "i: 1.5        | toy.yaml:1:4: 'i' takes a whole number; found '1.5'",
                "i: 3000000000 | toy.yaml:1:4: 'i' takes a whole number; found '3000000000'",
                "i: 0x10       | toy.yaml:1:4: 'i' takes a whole number; found '0x10'",
                "i: 1:30       | toy.yaml:1:4: 'i' takes a whole number; found '1:30'",
                "l: 1e30       | toy.yaml:1:4: 'l' takes a whole number; found '1e30'",
                "d: 1e999      | toy.yaml:1:4: 'd' takes a number; found '1e999'",
                "d: NaN        | toy.yaml:1:4: 'd' takes a number; found 'NaN'",
                "d: [1, 2]     | toy.yaml:1:4: 'd' takes a number; found a list of 2",
                "d: \"1\"      | toy.yaml:1:4: 'd' takes a number; found \"1\"",
                "f:            | toy.yaml:1:3: 'f' takes a number; found nothing",
                "dd: 1         | toy.yaml:1:1: unknown key 'dd' in 'numbers'; did you mean 'd'?",
            })
    void refusesWhatIsNoSuchNumber(String yaml, String message) {
        refuses(Numbers.class, yaml, message);
    }

    @Test
    void refusesOtherWordsForTrueAndFalse() {
        refuses(Texts.class, "flag: yes", "toy.yaml:1:7: 'flag' takes true or false; found 'yes'");
    }

    @Test
    void namesWhatIsUnknownMissingOrDoubled() {
        refuses(ToyScore.class, "wnada", "toy.yaml:1:1: no score is called 'wnada'; did you mean 'wanda'?");
        refuses(ToyScore.class, "obs", "toy.yaml:1:1: no score is called 'obs'; known: gblm, magnitude, wanda");
        refuses(
                ToyScore.class,
                "{ gblm: {}, wanda: {} }",
                "toy.yaml:1:13: 'toy-score' takes a name, or one "
                        + "key with its parameters; found 'gblm' and also 'wanda'");
        refuses(
                ToyScore.class,
                "{ gblm: { alhpa: 1 } }",
                "toy.yaml:1:11: unknown key 'alhpa' in 'gblm'; did you mean 'alpha'?");
        refuses(
                ToyPattern.class,
                "unstructured: rows",
                "toy.yaml:1:15: 'within' cannot be 'rows'; did you mean 'row'?");
        refuses(ToyOptimiser.class, "sgd", "toy.yaml:1:1: 'sgd' needs 'rate'");
        refuses(ToyOptimiser.class, "sgd: { momentum: 0 }", "toy.yaml:1:6: 'sgd' needs 'rate'");
        refuses(
                ToyStep.class,
                "trian: { data: train }",
                "toy.yaml:1:1: no toy-step is called 'trian'; did you mean 'train'?");
        refuses(
                ToyStep.class,
                "{ as: x, trian: { data: train } }",
                "toy.yaml:1:10: no toy-step is called 'trian'; did you mean 'train'?");
        refuses(
                ToyStep.class,
                "{ train: { data: train }, ass: x }",
                "toy.yaml:1:27: unknown key 'ass' in 'train'; did you mean 'as'?");
        refuses(
                ToyStep.class,
                "{ train: { data: train }, data: x }",
                "toy.yaml:1:27: duplicate key 'data' in and beside 'train'");
        refuses(
                ToyStep.class,
                "{ train: { data: train }, save: x }",
                "toy.yaml:1:27: a toy-step is one of 'train' and 'save', not both");
        refuses(
                ToyStep.class,
                "prune: { ratoi: 0.2 }",
                "toy.yaml:1:10: unknown key 'ratoi' in 'prune'; did you mean 'ratio'?");
        refuses(ToyScore.class, "wanda: { alpha: 1 }", "toy.yaml:1:10: unknown key 'alpha' in 'wanda'");
        refuses(ToyScore.class, "wanda: 5", "toy.yaml:1:8: 'wanda' takes no parameters; found '5'");
    }

    @Test
    void putsARefusalOfTheRecordAtItsLine() {
        refuses(
                ToySource.class,
                "mnist:\n  part: test\n  holdout: 70_000",
                "toy.yaml:3:12: 'mnist': holdout must be 0 to 60000, not 70000");
        refuses(
                ToyStep.class,
                "train: { data: batch, batch: 0 }",
                "toy.yaml:1:30: 'train': batch must be positive, not 0");
    }

    @Test
    void initialisesNothingOutsideTheFamily() {
        for (String name : List.of(
                "not-a-score",
                "org.espalier.spec.toy.score.NotAScore",
                "org.espalier.spec.toy.optimise.Adam",
                "org.espalier.spec.toy.ToyScore",
                "javax.script.ScriptEngineManager",
                "org.nowhere.Wanda"))
            refuses(
                    ToyScore.class,
                    name,
                    "toy.yaml:1:1: '" + name + "' is no record that implements org.espalier.spec.toy.ToyScore");
    }

    @Test
    void sharesWhatAnAnchorNames() {
        assertThat(bind(
                        ToyStep.class,
                        "{ train: { data: &d train, steps: &n 5, batch: *n, watch: { data: *d, every: *n } } }"))
                .isEqualTo(bind(
                        ToyStep.class,
                        "{ train: { data: train, steps: 5, batch: 5, watch: { data: train, every: 5 } } }"));
    }

    @Test
    void keepsErrorsOnOneLine() {
        refuses(
                ToyScore.class,
                "\"a\\nb\\e[31m\"",
                "toy.yaml:1:1: no score is called \"a?b?[31m\"; known: gblm, magnitude, wanda");
    }

    @Test
    void listsAFamilyFromAJar(@TempDir Path folder) throws Exception {
        Path classes = Path.of(ToyScore.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path jar = folder.resolve("toys and more.jar");
        try (var out = new JarOutputStream(Files.newOutputStream(jar));
                var files = Files.walk(classes.resolve("org/espalier/spec/toy"))) {
            for (Path file : files.sorted().toList()) {
                String name = classes.relativize(file).toString().replace('\\', '/');
                out.putNextEntry(new JarEntry(Files.isDirectory(file) ? name + "/" : name));
                if (Files.isRegularFile(file)) Files.copy(file, out);
            }
        }
        try (var loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, onlySpec())) {
            Class<?> family = loader.loadClass(ToyScore.class.getName());
            assertThat(family).isNotSameAs(ToyScore.class);
            assertThat(Families.members(family)).containsOnlyKeys("gblm", "magnitude", "wanda");
            assertThatThrownBy(() -> Binder.bind(family, Yaml.parse("wanad", "t")))
                    .hasMessageEndingWith("did you mean 'wanda'?");
        }
    }

    /** Knows this package and the JDK, but no toys. */
    private static ClassLoader onlySpec() {
        return new ClassLoader(ClassLoader.getPlatformClassLoader()) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                if (name.startsWith("org.espalier.spec.toy.")) throw new ClassNotFoundException(name);
                return BinderTest.class.getClassLoader().loadClass(name);
            }
        };
    }

    @Test
    void listsAFamilyFromItsFolder() {
        assertThat(Families.members(ToyScore.class)).containsOnlyKeys("gblm", "magnitude", "wanda");
        assertThat(Families.members(ToyPattern.class)).containsOnlyKeys("n-of-m", "unstructured");
    }

    record Cut(@Default("1") double keep, @Beside ToyScore by) {}

    @Test
    void aMethodMayStandAmongTheKeysOfItsRecord() {
        Cut cut = new Cut(0.5, new Gblm(3, false));
        assertThat(bind(Cut.class, "{ by: { gblm: { alpha: 3 } }, keep: 0.5 }")).isEqualTo(cut);
        assertThat(bind(Cut.class, "{ keep: 0.5, gblm: { alpha: 3 } }")).isEqualTo(cut);
        assertThat(bind(Cut.class, "{ magnitude: {} }")).isEqualTo(new Cut(1, new Magnitude()));
        assertThat(bind(Cut.class, "magnitude")).isEqualTo(new Cut(1, new Magnitude()));
        refuses(
                Cut.class,
                "{ magnitude: {}, gblm: { alpha: 3 } }",
                "toy.yaml:1:18: one of 'magnitude' and 'gblm' is 'by', not both");
        refuses(
                Cut.class,
                "{ magnitud: {} }",
                "toy.yaml:1:3: unknown key 'magnitud' in 'cut'; did you mean 'magnitude'?");
        refuses(
                Cut.class,
                "{ kep: 0.1, magnitude: {} }",
                "toy.yaml:1:3: unknown key 'kep' in 'cut'; did you mean 'keep'?");
    }

    @Test
    void aMethodWrittenHereReplacesAnInheritedOne(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("base.yaml"), "{ keep: 0.5, gblm: { alpha: 3 } }");
        Path own = Files.writeString(folder.resolve("own.yaml"), "{ extends: base.yaml, magnitude: {} }");
        assertThat(Binder.bind(Cut.class, Extends.read(own))).isEqualTo(new Cut(0.5, new Magnitude()));
        Path named = Files.writeString(folder.resolve("named.yaml"), "{ extends: base.yaml, by: magnitude }");
        assertThat(Binder.bind(Cut.class, Extends.read(named))).isEqualTo(new Cut(0.5, new Magnitude()));
    }
}
