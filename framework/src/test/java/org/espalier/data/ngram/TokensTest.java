package org.espalier.data.ngram;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TokensTest {
    /** One to four bytes long; letters, spaces, signs, and the separators that are spaces by one rule only. */
    private static final String KINDS =
            "az09_  \t\n\r.,-'@[`{~/:\u0000\u001c\u001f\u007fé\u0085\u00a0½日\u2003\u200c\u0301—🌱𝒜";

    /** Also where a character lies across the border of 64 bytes, and where the text ends there. */
    @ParameterizedTest
    @EnumSource
    void cutsAsOneCharacterAfterTheOther(WordRule rule) {
        int[] kinds = KINDS.codePoints().toArray();
        SplittableRandom random = new SplittableRandom(1);
        Tokens tokens = new Tokens(rule);
        LowerCase text = new LowerCase();
        for (int length = 0; length < 400; length++)
            for (int turn = 0; turn < 20; turn++) {
                int some = random.nextInt(1, kinds.length + 1);
                text.clear();
                for (int i = 0; i < length; i++) text.add(kinds[random.nextInt(some)]);
                text.end();
                tokens.cut(text);
                assertThat(found(tokens)).isEqualTo(reference(text, rule));
            }
    }

    private static List<String> found(Tokens tokens) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < tokens.count(); i++) {
            int start = tokens.start(i);
            found.add(start + ":" + new String(tokens.text(), start, tokens.end(i) - start, StandardCharsets.UTF_8));
        }
        return found;
    }

    private static List<String> reference(LowerCase text, WordRule rule) {
        List<String> found = new ArrayList<>();
        String whole = new String(text.bytes(), 0, text.length(), StandardCharsets.UTF_8);
        int kind = WordRule.SPACE, at = 0, start = 0;
        StringBuilder token = new StringBuilder();
        for (int c : whole.codePoints().toArray()) {
            if (rule.kind(c) != kind) {
                if (kind != WordRule.SPACE) found.add(start + ":" + token);
                token.setLength(0);
                start = at;
                kind = rule.kind(c);
            }
            token.appendCodePoint(c);
            at += Character.toString(c).getBytes(StandardCharsets.UTF_8).length;
        }
        if (kind != WordRule.SPACE) found.add(start + ":" + token);
        return found;
    }
}
