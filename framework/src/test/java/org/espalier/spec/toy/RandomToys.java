package org.espalier.spec.toy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Random specs of the toy experiment as YAML text: any component that may be absent sometimes is. */
public final class RandomToys {
    private final RandomGenerator random;

    public RandomToys(RandomGenerator random) {
        this.random = random;
    }

    public String experiment() {
        return map(
                "name: " + text(),
                maybe(() ->
                        "paper: { title: " + text() + ", year: 20" + digits(2) + ", id: \"1803." + digits(5) + "\" }"),
                maybe(() -> "seeds: " + list(() -> digits(9))),
                "data: " + map("train: " + source(), "\"a b\": " + source(), maybe(() -> "valid: " + source())),
                "model: " + pick("lenet", "{ lenet: { init: he-normal } }", "{ lenet: { hidden: [1, 2_0] } }"),
                "steps: " + steps(3),
                maybe(() -> "report: [" + map("line: " + map("x: " + text(), "y: 2:4")) + "]"));
    }

    private String source() {
        return pick("mnist", "{ mnist: { part: test } }", "{ mnist: { holdout: " + digits(4) + " } }");
    }

    private String steps(int depth) {
        List<String> steps = new ArrayList<>();
        for (int i = random.nextInt(1, 5); i > 0; i--) steps.add(step(depth));
        return "[" + String.join(", ", steps) + "]";
    }

    private String step(int depth) {
        return switch (random.nextInt(depth == 0 ? 6 : 7)) {
            case 0 -> "{ save: " + text() + " }";
            case 1 -> "{ rewind: " + text() + maybe(() -> ", as: " + text()) + " }";
            case 2 -> pick("reinit", "{ reinit: 7 }", "{ reinit: { seed: -3 } }");
            case 3 -> "{ train: " + train() + " }";
            case 4 ->
                "{ evaluate: " + map(maybe(() -> "data: " + text()), maybe(() -> "metrics: " + list(this::text)))
                        + " }";
            case 5 -> "{ prune: " + prune() + " }";
            default -> "{ repeat: " + map("times: " + digits(2), "steps: " + steps(depth - 1)) + " }";
        };
    }

    private String train() {
        return map(
                "data: " + text(),
                maybe(() -> "as: " + text()),
                maybe(() -> "batch: " + digits(3)),
                maybe(() -> "steps: " + pick("1000", "1_000", "1e3", "5")),
                maybe(() -> "checkpoint: " + digits(3)),
                maybe(() -> "optimise: "
                        + pick(
                                "adam",
                                "{ adam: {} }",
                                "{ sgd: " + number() + " }",
                                "{ adam: { rate: " + number() + ", betas: " + list(this::number) + " } }")),
                maybe(() -> "watch: " + map("data: " + text(), maybe(() -> "every: " + digits(2)))));
    }

    private String prune() {
        return map(
                "ratio: " + number(),
                maybe(() -> "of: " + pick("all", "remaining")),
                maybe(() -> "skip: " + list(this::text)),
                maybe(() -> "score: " + pick("magnitude", "wanda", "gblm", "{ gblm: { alpha: " + number() + " } }")),
                maybe(() -> "allocate: "
                        + pick(
                                "owl",
                                "{ owl: { multiple: 3 } }",
                                "{ per-layer: { rates: " + map("b: " + number(), "a: " + number()) + " } }")),
                maybe(() -> "pattern: "
                        + pick(
                                "{ n-of-m: 4 }",
                                "{ unstructured: { within: column-block } }",
                                "{ unstructured: row }")));
    }

    private String map(String... entries) {
        List<String> shuffled = new ArrayList<>(List.of(entries));
        shuffled.removeIf(String::isEmpty);
        Collections.shuffle(shuffled, java.util.Random.from(random));
        return "{ " + String.join(", ", shuffled) + " }";
    }

    private String list(Supplier<String> item) {
        List<String> items = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) items.add(item.get());
        return items.size() == 1 && random.nextBoolean() ? items.get(0) : "[" + String.join(", ", items) + "]";
    }

    private String number() {
        return pick(
                "0",
                "1",
                "0.5",
                "1e-3",
                "0.001",
                "-2.50",
                "1e22",
                "123456.789",
                "1e-300",
                ".25",
                "1_000.5",
                "-0.0",
                "" + random.nextDouble(),
                "" + random.nextLong() / 7.0);
    }

    private String digits(int count) {
        return "1" + random.nextInt((int) Math.pow(10, count - 1));
    }

    private String text() {
        return pick(
                "no",
                "on",
                "010",
                "1:30",
                "2:4",
                "plain",
                "two words",
                "\"\"",
                "' lead'",
                "'null'",
                "\"~\"",
                "\"a: b # c\"",
                "\"line\\nbreak\\ttab\"",
                "\"\\\"quoted\\\" \\\\ back\"",
                "\"- dash\"",
                "\"50 %\"",
                "größe",
                "\"\\u2028 \\U0001F600\"",
                "\"[x]\"",
                "'it''s'",
                "'true'",
                "2024-01-01",
                "a.b/c_d-e");
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private String maybe(Supplier<String> text) {
        return random.nextBoolean() ? text.get() : "";
    }
}
