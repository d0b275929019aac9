package org.espalier.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.espalier.spec.Node.Entry;
import org.espalier.spec.Node.Mapping;
import org.espalier.spec.Node.Scalar;
import org.espalier.spec.Node.Sequence;
import org.espalier.spec.toy.RandomToys;
import org.espalier.spec.toy.ToyExperiment;
import org.espalier.spec.toy.ToyScore;
import org.espalier.spec.toy.ToyStep;
import org.espalier.spec.toy.Toys;
import org.espalier.spec.toy.score.Gblm;
import org.espalier.spec.toy.score.Magnitude;
import org.espalier.spec.toy.score.Wanda;
import org.junit.jupiter.api.Test;

class CanonicalTest {
    private static final int SPECS = 500;

    record Revised(
            @Default("wanda") ToyScore score, @Default("1") int plain) {}

    record Preset(
            @Default("5") Optional<Integer> size,
            @Default("[]") List<Double> list) {}

    private static ToyExperiment bind(String text) {
        return Binder.bind(ToyExperiment.class, Yaml.parse(text, "toy.yaml"));
    }

    private static String keyOf(String text) {
        return Canonical.text(Canonical.key(bind(text)));
    }

    @Test
    void writesEveryDefaultReadably() {
        String resolved = Canonical.text(Canonical.resolved(bind(Toys.TICKET)));
        assertThat(resolved).contains("""
                model:
                  lenet:
                    hidden: [300, 100]
                    init: glorot-normal
                steps:
                  - save:
                      name: init
                  - repeat:
                      times: 22
                      steps:
                        - train:
                            data: train
                            batch: 60
                            steps: 50000
                            optimise:
                              adam:
                                rate: 0.0012
                                betas: [0.9, 0.999]
                                epsilon: 1e-8
                """);
        assertThat(bind(resolved)).isEqualTo(bind(Toys.TICKET));
    }

    @Test
    void keysOnlyWhatMakesTheNumbers() {
        String key = keyOf(Toys.TICKET);
        assertThat(key)
                .doesNotContain("paper", "report", "checkpoint", "epsilon", "glorot")
                .contains("rate: 0.0012");
        for (String changed :
                List.of("name=other", "~paper", "~report", "+train.checkpoint=1", "train.batch=60", "model=lenet"))
            assertThat(Canonical.text(Canonical.key(
                            Binder.bind(ToyExperiment.class, Overrides.apply(Yaml.parse(Toys.TICKET, "t"), changed)))))
                    .as(changed)
                    .isEqualTo(key);
        assertThat(keyOf(Toys.TICKET.replace("batch: 60", "batch: 61"))).isNotEqualTo(key);
        assertThat(Canonical.sha256(key))
                .isEqualTo(Canonical.sha256(keyOf(Toys.TICKET)))
                .hasSize(64);
    }

    @Test
    void keysTheRevisionOfAMethodEvenWhereItIsTheDefault() {
        assertThat(Canonical.text(Canonical.key(new Revised(new Wanda(), 1))))
                .isEqualTo("score:\n  wanda:\n    \"@wanda\": 2\n");
        assertThat(Canonical.text(Canonical.key(new Revised(new Magnitude(), 1))))
                .isEqualTo("score: magnitude\n");
        assertThat(Canonical.text(Canonical.key(ToyScore.class, new Gblm(1e5, false))))
                .isEqualTo("gblm:\n  alpha: 100000\n");
        assertThat(Canonical.text(Canonical.key(ToyStep.class, new ToyStep.Reinit(1))))
                .isEqualTo("reinit\n");
    }

    @Test
    void writesAnEmptyOptionalWhoseDefaultIsNot() {
        Preset empty = new Preset(Optional.empty(), List.of());
        String text = Canonical.text(Canonical.resolved(empty));
        assertThat(text).isEqualTo("size: null\nlist: []\n");
        assertThat(Binder.bind(Preset.class, Yaml.parse(text, "t"))).isEqualTo(empty);
        assertThat(Canonical.text(Canonical.key(new Preset(Optional.of(5), List.of()))))
                .isEqualTo("{}\n");
    }

    @Test
    void resolvedSpecsBindToEqualRecordsWithEqualKeys() {
        Set<String> keys = new HashSet<>();
        for (int seed = 0; seed < SPECS; seed++) {
            Random random = new Random(seed);
            String text = new RandomToys(random).experiment();
            ToyExperiment bound = bind(text);
            String key = keyOf(text);
            String resolved = Canonical.text(Canonical.resolved(bound));
            assertThat(bind(resolved)).as("seed %d: %s", seed, resolved).isEqualTo(bound);
            assertThat(keyOf(resolved))
                    .as("key of seed %d with defaults written", seed)
                    .isEqualTo(key);
            String shuffled = "# a comment\n"
                    + YamlWriter.write(shuffled(Yaml.parse(text, "t"), random)).replace("\n", " # more\n");
            assertThat(keyOf(shuffled))
                    .as("key of seed %d shuffled: %s", seed, shuffled)
                    .isEqualTo(key);
            keys.add(key);
        }
        System.out.printf(
                "canonical form: %d random specs bind to equal records; %d different keys, unaffected by key order, "
                        + "comments and written defaults%n",
                SPECS, keys.size());
        assertThat(keys).hasSizeGreaterThan(SPECS * 9 / 10);
    }

    @Test
    void yamlReadsBackEqual() {
        int nodes = 5_000;
        for (int seed = 0; seed < nodes; seed++) {
            Node node = randomNode(new Random(seed), 4);
            String text = YamlWriter.write(node);
            assertThat(Yaml.parse(text, "t")).as("seed %d:%n%s", seed, text).isEqualTo(node);
        }
        System.out.printf("YAML writer: %d random nodes read back equal%n", nodes);
    }

    private static Node shuffled(Node node, Random random) {
        return switch (node) {
            case Scalar scalar -> scalar;
            case Sequence list ->
                new Sequence(
                        list.items().stream()
                                .map(item -> shuffled(item, random))
                                .toList(),
                        list.mark());
            case Mapping map -> {
                List<Entry> entries = new ArrayList<>(map.entries().values());
                Collections.shuffle(entries, random);
                var mixed = new LinkedHashMap<String, Entry>();
                entries.forEach(e -> mixed.put(e.key().text(), e.with(shuffled(e.value(), random))));
                yield new Mapping(mixed, map.mark());
            }
        };
    }

    private static Node randomNode(Random random, int depth) {
        Mark mark = new Mark("random", 1, 1);
        int kind = random.nextInt(depth == 0 ? 2 : 4);
        if (kind < 2) return Scalars.write(randomText(random), mark);
        int size = random.nextInt(4);
        if (kind == 2) {
            List<Node> items = new ArrayList<>();
            for (int i = 0; i < size; i++) items.add(randomNode(random, depth - 1));
            return new Sequence(items, mark);
        }
        Mapping map = Mapping.empty(mark);
        for (int i = 0; i < size; i++)
            map = map.with(new Entry(Scalars.write("k" + randomText(random), mark), randomNode(random, depth - 1)));
        return map;
    }

    private static String randomText(Random random) {
        String letters = "ab1 -:#,[]{}&*!|>'\"%@`?~.\n\t\\é\u2028\u0085\u00a0";
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) text.append(letters.charAt(random.nextInt(letters.length())));
        return text.toString();
    }
}
