package org.espalier.select;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConceptGraphTest {
    @Test
    void refusesToTieWhatTheOthersKeepApart() {
        ConceptGraph graph = new ConceptGraph();
        assertThat(graph.accept(List.of("a", "b"))).isTrue();
        assertThat(graph.accept(List.of("b", "c"))).isTrue();
        assertThat(graph.accept(List.of("a", "c"))).isFalse();
        assertThat(graph.accept(List.of("a", "d"))).isTrue();
        assertThat(graph.accept(List.of("a", "b"))).isTrue();
    }

    @Test
    void whatIsRefusedLeavesNothingBehind() {
        ConceptGraph graph = new ConceptGraph();
        graph.accept(List.of("a", "b"));
        graph.accept(List.of("c"));
        assertThat(graph.accept(List.of("a", "c", "new"))).isFalse();
        assertThat(graph.accept(List.of("new", "c"))).isTrue(); // "new" was not known
        assertThat(graph.accept(List.of())).isTrue();
    }

    @Test
    void phrasesAreRunsOfWordsBetweenStopWords() {
        String text = "Linear constraints over the set of natural numbers; linear equations, and natural numbers.";
        // deg/freq: linear (2+2)/2 = 2, constraints 2, equations 2, natural 2, numbers 2, set 1
        assertThat(KeyPhrases.of(text, 10))
                .containsExactly("linear constraints", "linear equations", "natural numbers", "set");
        assertThat(KeyPhrases.of(text, 2)).containsExactly("linear constraints", "linear equations");
        assertThat(KeyPhrases.of("It was not what they had. 1961 — 42!", 5)).isEmpty();
        assertThat(KeyPhrases.of("", 5)).isEmpty();
    }
}
