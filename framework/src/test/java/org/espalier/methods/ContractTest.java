package org.espalier.methods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.espalier.engine.Parameter;
import org.espalier.engine.Rng;
import org.espalier.methods.score.Magnitude;
import org.espalier.prune.Allocator;
import org.espalier.prune.Budget;
import org.espalier.prune.Cut;
import org.espalier.prune.Evidence;
import org.espalier.prune.Pattern;
import org.espalier.prune.Refiner;
import org.espalier.prune.Scorer;
import org.espalier.prune.Site;
import org.espalier.select.Candidates;
import org.espalier.select.Pools;
import org.espalier.select.Selection;
import org.espalier.select.Selector;
import org.espalier.spec.Binder;
import org.espalier.spec.Families;
import org.espalier.spec.SpecException;
import org.espalier.spec.Yaml;
import org.espalier.train.Schedule;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What every member of a family promises, checked for all of them that can be named without parameters. They are found in
 * their folders: a new one needs no line here.
 */
class ContractTest {
    /** A promise, whose keeping may read files. */
    private interface Promise<T> {
        void keep(T method) throws Exception;
    }

    private static <T> Stream<DynamicTest> each(Class<T> family, Promise<T> promise) {
        return Families.members(family).keySet().stream()
                .flatMap(name -> byName(family, name).stream()
                        .map(method -> DynamicTest.dynamicTest(name, () -> promise.keep(method))));
    }

    private static <T> Optional<T> byName(Class<T> family, String name) {
        try {
            return Optional.of(Binder.bind(family, Yaml.parse(name, "contract")));
        } catch (SpecException e) {
            return Optional.empty(); // it must be given parameters, and has them in its own test
        }
    }

    @TestFactory
    Stream<DynamicTest> scoresAreFiniteTheSameAgainAndLeaveWeightsAlone() {
        return each(Scorer.class, scorer -> {
            Site.Weight site = Sites.random("w", 13, 17, 5);
            float[] before = site.parameter().value().clone();
            Evidence evidence = Sites.evidence(Map.of(
                    "w/GRADIENT", Sites.random("g", 13, 17, 6).parameter().value()));
            float[] score = scorer.score(site, evidence);
            assertThat(score).hasSize(13 * 17);
            for (float s : score) assertThat(s).isFinite();
            assertThat(scorer.score(site, evidence)).isEqualTo(score);
            assertThat(site.parameter().value()).isEqualTo(before);
        });
    }

    @TestFactory
    Stream<DynamicTest> allocationsMeetTheTargetWithDensitiesInRange() {
        return each(Allocator.class, allocator -> {
            RandomGenerator random = Rng.of(4, "allocations", 0);
            for (int i = 0; i < 50; i++) {
                Site.Weight[] sites = new Site.Weight[1 + random.nextInt(5)];
                for (int s = 0; s < sites.length; s++)
                    sites[s] = Sites.random("w" + s, 1 + random.nextInt(40), 1 + random.nextInt(40), random.nextLong());
                double ratio = allocator.needsRatio() ? random.nextDouble(0.01, 0.99) : Double.NaN;
                Budget budget = Sites.budget(ratio, Budget.Of.ALL, new Magnitude(), sites);
                double[] density = allocator.allocate(budget);
                double kept = 0;
                for (int s = 0; s < sites.length; s++) {
                    assertThat(density[s]).isBetween(0.0, 1.0 + 1e-12);
                    kept += density[s] * sites[s].size();
                }
                if (allocator.needsRatio()) assertThat(kept).isCloseTo(budget.target(), within(1.0));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> patternsKeepWhatTheDensityAsksAndTheBest() {
        return each(Pattern.class, pattern -> {
            float[] score = new Magnitude().score(Sites.random("w", 20, 30, 9), Sites.evidence(Map.of()));
            for (double density : new double[] {0, 0.1, 0.333, 0.5, 0.9, 1}) {
                boolean[] mask = pattern.mask(score, 20, 30, density);
                int kept = 0;
                for (boolean k : mask) if (k) kept++;
                assertThat(kept).isEqualTo((int) Math.round(600 * density));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> refinersKeepTheCountOfEveryGroupAndFiniteValues() {
        return each(Refiner.class, refiner -> {
            String name = Families.members(Refiner.class).entrySet().stream()
                    .filter(e -> e.getValue() == refiner.getClass())
                    .findFirst()
                    .orElseThrow()
                    .getKey();
            Evidence evidence =
                    Sites.seen(16, Sites.random("x", 40, 16, 3).parameter().value());
            for (String pattern : List.of("{ unstructured: row }", "{ n-of-m: { keep: 2, of: 4 } }"))
                for (String score : List.of("magnitude", "wanda", "obs")) {
                    Site.Weight site = Sites.random("w", 12, 16, 8);
                    float[] before = site.parameter().value().clone();
                    Parameter bias = Parameter.vector(
                            "w.bias", Parameter.Kind.BIAS, site.parameter().rowSpan());
                    Cut cut = Sites.cut(
                            site,
                            "{ score: %s, pattern: %s, ratio: 0.5, refine: %s }".formatted(score, pattern, name),
                            evidence,
                            bias);
                    refiner.refine(cut);
                    int group = pattern.contains("row") ? 16 : 4;
                    for (int first = 0; first < 12 * 16; first += group) {
                        int kept = 0;
                        for (int i = first; i < first + group; i++) if (cut.mask()[i]) kept++;
                        assertThat(kept).as(score + " " + pattern).isEqualTo(group / 2);
                    }
                    for (float w : cut.current()) assertThat(w).isFinite();
                    for (float b : cut.bias()) assertThat(b).isFinite();
                    assertThat(site.parameter().value()).isEqualTo(before);
                }
        });
    }

    @TestFactory
    Stream<DynamicTest> schedulesArePositiveAndNeverAboveTheRate() {
        return each(Schedule.class, schedule -> {
            for (long step = 0; step < 1000; step++)
                assertThat(schedule.factor(step, 1000)).isBetween(0.0, 1.0);
        });
    }

    /** Those that need texts or parameters have them in their own tests. */
    @TestFactory
    Stream<DynamicTest> selectorsChooseAsManyAsAskedTheSameAgainAndLeaveTheModelAlone() {
        return each(Selector.class, selector -> {
            for (int keep : new int[] {1, 20, 45}) {
                Candidates pool = Pools.sums(keep, 3);
                if (refuses(selector, pool)) return;
                float[] before = pool.model().parameters().getFirst().value().clone();
                Selection chosen = selector.select(pool);
                int wanted = selector.needsKeep() ? keep : pool.data().size();
                assertThat(chosen.ids()).hasSize(wanted).isSorted().doesNotHaveDuplicates();
                assertThat(chosen.scores()).hasSize(pool.data().size());
                Selection again = selector.select(Pools.sums(keep, 3));
                assertThat(again.ids()).isEqualTo(chosen.ids());
                assertThat(again.scores()).isEqualTo(chosen.scores());
                assertThat(pool.model().parameters().getFirst().value()).isEqualTo(before);
            }
        });
    }

    private static boolean refuses(Selector selector, Candidates pool) {
        try {
            selector.check(pool.model(), pool.data().form());
            return false;
        } catch (IllegalArgumentException e) {
            return true;
        }
    }
}
