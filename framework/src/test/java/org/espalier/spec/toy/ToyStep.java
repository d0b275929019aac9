package org.espalier.spec.toy;

import java.util.List;
import java.util.Optional;
import org.espalier.spec.Default;
import org.espalier.spec.Inline;
import org.espalier.spec.Presentation;

public sealed interface ToyStep {
    record Save(String name) implements ToyStep {}

    record Rewind(String to, Optional<String> as) implements ToyStep {}

    record Reinit(@Default("1") long seed) implements ToyStep {}

    record Train(
            Optional<String> as,
            String data,
            @Default("60") int batch,
            @Default("1000") int steps,
            @Default("adam") ToyOptimiser optimise,
            Optional<Watch> watch,
            @Default("500") @Presentation int checkpoint)
            implements ToyStep {
        public Train {
            if (batch < 1) throw new IllegalArgumentException("batch must be positive, not " + batch);
        }
    }

    record Watch(
            String data,
            @Default("100") int every,
            @Default("[loss, accuracy]") List<String> metrics) {}

    record Evaluate(
            Optional<String> as,
            @Default("test") String data,
            @Default("accuracy") List<String> metrics) implements ToyStep {}

    record Prune(
            @Default("magnitude") ToyScore score,
            @Default("uniform") ToyAllocator allocate,
            @Default("unstructured") ToyPattern pattern,
            @Default("[]") List<String> skip,
            @Inline Amount amount)
            implements ToyStep {}

    record Amount(double ratio, @Default("all") Of of) {
        public enum Of {
            ALL,
            REMAINING
        }
    }

    record Repeat(int times, List<ToyStep> steps) implements ToyStep {}
}
