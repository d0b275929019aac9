package org.espalier.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.espalier.data.Dataset;
import org.espalier.data.corpus.Jsonl;
import org.espalier.data.text.BytePairs;
import org.espalier.data.text.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentsTest {
    private static final Tokenizer BYTES = BytePairs.train("", 258);

    @TempDir
    Path folder;

    private Dataset open(int length) throws IOException {
        Path file = Files.writeString(folder.resolve("a.jsonl"), """
                {"text": "abc", "kind": "news"}
                {"text": "defghij", "kind": "lore"}
                {"text": "", "kind": "lore"}
                """);
        return new Documents(new Jsonl(file.toString(), "text", Optional.of("kind"), "\n"), length)
                .open(folder, () -> BYTES);
    }

    @Test
    void eachDocumentIsAnExampleThatEndsWhereItEnds() throws IOException {
        Dataset data = open(6);
        assertThat(data.size()).isEqualTo(3);
        int[] lengths = {4, 6, 1};
        float[] row = new float[6];
        for (int e = 0; e < 3; e++) {
            data.copy(e, row, 0);
            assertThat(data.length(e)).isEqualTo(lengths[e]);
            assertThat(row[0]).isEqualTo(BYTES.beginning().orElseThrow());
            for (int p = 0; p < 6; p++) {
                assertThat(data.weight(e, p)).isEqualTo(p + 1 < lengths[e] ? 1 : 0);
                if (p + 1 < lengths[e]) assertThat((float) data.label(e, p)).isEqualTo(row[p + 1]);
                if (p >= lengths[e]) assertThat(row[p]).isZero();
            }
        }
        data.copy(0, row, 0);
        assertThat(BYTES.decode(new int[] {(int) row[1], (int) row[2], (int) row[3]}))
                .isEqualTo("abc");
        assertThat(data.label(1, 5)).isZero(); // cut off: nothing follows
        assertThat(data.text(1, () -> BYTES)).hasValue("defghij");
        assertThat(data.domain(1)).isEqualTo("lore");
        assertThat(data.digest()).isNotEqualTo(open(7).digest());
    }

    @Test
    void needsATokenizerAndTwoTokens() {
        assertThatThrownBy(() -> new Documents(null, 1)).hasMessageContaining("length must be between 2");
        assertThatThrownBy(() -> new Documents(null, 5).open(folder)).hasMessageContaining("tokenizer");
    }
}
