package org.espalier.methods.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.espalier.data.Dataset;
import org.espalier.data.ngram.WordRule;
import org.espalier.data.text.Tokenizer;
import org.espalier.select.Candidates;
import org.espalier.select.Pools;
import org.espalier.select.Selection;
import org.espalier.spec.Binder;
import org.espalier.spec.Yaml;
import org.junit.jupiter.api.Test;

class DsirTest {
    private static final List<String> RAW = List.of("alice went", "the store", "the alice");

    /** The hand check of the authors' package: ln 1.5 + 2 ln 3 for the text that is the target. */
    @Test
    void scoresTheHandCheck() throws IOException {
        Selection selection = dsir("{ target: like, top-k: true }").select(pool(1, 0, RAW, List.of("the store")));
        assertThat(selection.ids()).containsExactly(1);
        assertThat(selection.scores())
                .containsExactly(
                        new double[] {-49.36351590540838, 2.602689550444392, -32.73459455568407}, within(1e-12));
        assertThat(selection.facts()).containsOnlyKeys("kl-reduction");
        assertThat(selection.facts().get("kl-reduction")).isPositive();
        assertThat(selection.columns().get("words")).containsExactly(2, 2, 2);
    }

    @Test
    void drawsAgainTheSameWithTheSameSeed() throws IOException {
        List<String> raw = IntStream.range(0, 200)
                .mapToObj(i -> "a" + i % 7 + " b" + i % 5)
                .toList();
        Dsir dsir = dsir("{ target: like }");
        int[] drawn = dsir.select(pool(40, 1, raw, List.of("a1 b2", "a3 b4"))).ids();
        assertThat(drawn).hasSize(40).isSorted().doesNotHaveDuplicates();
        assertThat(dsir.select(pool(40, 1, raw, List.of("a1 b2", "a3 b4"))).ids())
                .isEqualTo(drawn);
        assertThat(dsir.select(pool(40, 2, raw, List.of("a1 b2", "a3 b4"))).ids())
                .isNotEqualTo(drawn);
    }

    @Test
    void givesEachSeparateTargetItsShare() throws IOException {
        List<String> raw = List.of("x y", "x z", "q r", "q s", "m n", "m o");
        Selection selection = dsir("{ target: [like, unlike], separate: true, proportions: [1, 1], top-k: true }")
                .select(pool(2, 0, raw, List.of("x y"), List.of("q s")));
        assertThat(selection.ids()).containsExactly(0, 3);
        assertThat(selection.columns()).containsKeys("weight-like", "weight-unlike");
    }

    @Test
    void passesOverShortTexts() throws IOException {
        List<String> raw = List.of("the store", "the store is far away", "nothing like it here");
        Selection selection =
                dsir("{ target: like, min-length: 4, top-k: true }").select(pool(1, 0, raw, List.of("the store")));
        assertThat(selection.ids()).doesNotContain(0);
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatThrownBy(() -> dsir("{ target: like }").select(pool(3, 0, RAW, List.of("the store"))))
                .hasMessageContaining("cannot choose 3 of 3");
        assertThatThrownBy(() -> dsir("{ target: like }").select(pool(1, 0, RAW, List.of(" "))))
                .hasMessage("the target like is empty");
        assertThatThrownBy(() -> dsir("{ target: like }").select(Pools.sums(3, 0)))
                .hasMessageContaining("holds no text");
        assertThatThrownBy(() -> dsir("{ target: [] }")).hasMessageContaining("target is empty");
        assertThatThrownBy(() -> dsir("{ target: [a, a] }")).hasMessageContaining("twice");
        assertThatThrownBy(() -> dsir("{ target: a, proportions: [1] }")).hasMessageContaining("separate");
        Candidates sums = Pools.sums(3, 0);
        assertThatThrownBy(() ->
                        dsir("{ target: a }").check(sums.model(), sums.data().form()))
                .hasMessageContaining("texts");
    }

    @Test
    void takesTheWordsOfEitherTokenizer() {
        assertThat(dsir("{ target: a }").words()).isEqualTo(WordRule.UNICODE);
        assertThat(dsir("{ target: a, words: python }").words()).isEqualTo(WordRule.PYTHON);
    }

    private static Dsir dsir(String yaml) {
        return Binder.bind(Dsir.class, Yaml.parse(yaml, "test"));
    }

    @SafeVarargs
    private static Candidates pool(int keep, long seed, List<String> raw, List<String>... targets) {
        Map<String, Dataset> parts = new HashMap<>();
        for (int i = 0; i < targets.length; i++) parts.put(i == 0 ? "like" : "unlike", new Texts(targets[i]));
        return new Candidates(
                new Texts(raw),
                keep,
                seed,
                null,
                null,
                new Candidates.Sources(parts::get, () -> null, Path.of(".")),
                Candidates.Progress.none());
    }

    /** Texts and nothing else. */
    private record Texts(List<String> texts) implements Dataset {
        @Override
        public String name() {
            return "texts";
        }

        @Override
        public int size() {
            return texts.size();
        }

        @Override
        public Optional<String> text(int example, Supplier<Tokenizer> tokenizer) {
            return Optional.of(texts.get(example));
        }

        @Override
        public int[] shape() {
            return new int[] {1};
        }

        @Override
        public int classes() {
            return 0;
        }

        @Override
        public int label(int example) {
            return 0;
        }

        @Override
        public void copy(int example, float[] into, int offset) {}

        @Override
        public void copyColumns(int[] ids, int first, int count, float[] into, int offset, int stride) {}

        @Override
        public String digest() {
            return "texts";
        }
    }
}
