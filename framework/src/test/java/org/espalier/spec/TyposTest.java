package org.espalier.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.espalier.spec.Node.Mapping;
import org.espalier.spec.Node.Scalar;
import org.espalier.spec.Node.Sequence;
import org.espalier.spec.toy.ToyExperiment;
import org.espalier.spec.toy.Toys;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One slip of the finger in a key, a method or an enum value is refused, and nearly always understood. */
@Tag("reliability")
class TyposTest {
    private static final int MUTANTS = 100;
    private static final Set<String> VALUES = Set.of(
            "train", "holdout", "test", "glorot-normal", "magnitude", "layer", "remaining"); // of enums and families
    private static final Set<String> FREE = Set.of("data", "rates", "report"); // keys below are the author's own

    private record Word(String text, Mark mark) {}

    private record Mutant(String spec, String word, String typo, Mark mark) {}

    @Test
    void areRefusedAndMostlyCorrected() {
        List<Mutant> mutants = mutants();
        int corrected = 0;
        List<String> missed = new ArrayList<>();
        for (Mutant mutant : mutants) {
            String message = message(mutant);
            assertThat(message)
                    .as("'%s' for '%s'", mutant.typo(), mutant.word())
                    .startsWith("toy.yaml:" + mutant.mark().line() + ":");
            if (message.contains("did you mean '" + mutant.word() + "'?")) corrected++;
            else missed.add(mutant.typo() + " → " + message);
        }
        System.out.printf(
                "typos: %d of %d refused, %d with the right suggestion; missed: %s%n",
                mutants.size(), MUTANTS, corrected, missed);
        assertThat(corrected).isGreaterThanOrEqualTo(MUTANTS * 9 / 10);
    }

    private static String message(Mutant mutant) {
        try {
            Binder.bind(ToyExperiment.class, Yaml.parse(mutant.spec(), "toy.yaml"));
        } catch (SpecException e) {
            return e.getMessage();
        }
        throw new AssertionError("accepted '" + mutant.typo() + "' for '" + mutant.word() + "' at " + mutant.mark());
    }

    private static List<Mutant> mutants() {
        List<Word> words = new ArrayList<>();
        collect(Yaml.parse(Toys.TICKET, "toy.yaml"), false, words);
        Random random = new Random(6);
        List<Mutant> mutants = new ArrayList<>();
        while (mutants.size() < MUTANTS) {
            Word word = words.get(random.nextInt(words.size()));
            String typo = slip(word.text(), random);
            if (typo.equals(word.text())) continue;
            List<String> lines = new ArrayList<>(Toys.TICKET.lines().toList());
            String line = lines.get(word.mark().line() - 1);
            int column = word.mark().column() - 1;
            lines.set(
                    word.mark().line() - 1,
                    line.substring(0, column)
                            + typo
                            + line.substring(column + word.text().length()));
            mutants.add(new Mutant(String.join("\n", lines), word.text(), typo, word.mark()));
        }
        return mutants;
    }

    /** Deletes, doubles or swaps a letter. */
    private static String slip(String word, Random random) {
        int at = random.nextInt(word.length());
        return switch (random.nextInt(3)) {
            case 0 -> word.substring(0, at) + word.substring(at + 1);
            case 1 -> word.substring(0, at) + word.charAt(at) + word.substring(at);
            default ->
                at == 0
                        ? word
                        : word.substring(0, at - 1) + word.charAt(at) + word.charAt(at - 1) + word.substring(at + 1);
        };
    }

    private static void collect(Node node, boolean free, List<Word> words) {
        switch (node) {
            case Scalar scalar -> {}
            case Sequence list -> list.items().forEach(item -> collect(item, false, words));
            case Mapping map ->
                map.entries().forEach((key, entry) -> {
                    if (key.equals("report")) return;
                    if (!free) words.add(new Word(key, entry.key().mark()));
                    boolean typed = !key.equals("data") && !key.equals("name");
                    if (typed && entry.value() instanceof Scalar value && VALUES.contains(value.text()))
                        words.add(new Word(value.text(), value.mark()));
                    collect(entry.value(), FREE.contains(key), words);
                });
        }
    }
}
