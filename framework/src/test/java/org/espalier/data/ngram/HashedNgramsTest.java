package org.espalier.data.ngram;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class HashedNgramsTest {
    @Test
    void findsTheBucketsOfTheHandCheck() {
        assertThat(new HashedNgrams(2, 10_000, WordRule.PYTHON).of("Alice went to the store"))
                .hasSize(9)
                .startsWith(6720, 5816)
                .contains(8288, 9879, 114, 3440);
        assertThat(new HashedNgrams(2, 10_000, WordRule.PYTHON).of("the alice")).containsExactly(8288, 6720, 368);
        assertThat(new BucketHash(10_000).of(new byte[0], 0, 0)).isEqualTo(6549);
    }

    /** Computed in Python from the definition: re.findall, hashlib. */
    @Test
    void agreesWithPythonOnAwkwardText() {
        assertThat(new HashedNgrams(2, 10_000, WordRule.PYTHON).of("Alice walked into the store\n\n()()($#%@?)@(#(*"))
                .containsExactly(6720, 4050, 371, 8288, 9879, 2299, 7250, 8230, 2023, 3440, 4823);
        assertThat(new HashedNgrams(3, 50_000, WordRule.PYTHON).of("naïve ΑΣ İstanbul a--b"))
                .containsExactly(
                        38184, 32793, 21239, 43053, 36544, 43499, 28268, 21965, 26451, 32464, 11516, 49067, 5803, 22299,
                        43692, 12064, 3845, 27557, 3666, 33010, 3533);
    }

    /** After many, pairs are hashed several at a time, the longest alone. */
    @Test
    void hashesManyPairsLikeEachAlone() {
        HashedNgrams ngrams = new HashedNgrams(2, 10_000, WordRule.PYTHON);
        BucketHash alone = new BucketHash(10_000);
        for (int document = 0; document < 100; document++) {
            List<String> words = new ArrayList<>();
            for (int i = 0; i < 1000; i++) words.add((i % 7 == 0 ? "w".repeat(i % 70) : "a") + (document * 1000 + i));
            int[] buckets = ngrams.of(String.join(document % 2 == 0 ? " " : "  ", words));
            if (document > 60)
                for (int i = 0; i + 1 < words.size(); i++)
                    assertThat(buckets[words.size() + i]).isEqualTo(alone.of(words.get(i) + " " + words.get(i + 1)));
        }
    }

    /** From one bucket to the most, on either side of what the memory of pairs holds. */
    @Test
    void hasAnyNumberOfBuckets() throws NoSuchAlgorithmException {
        SplittableRandom random = new SplittableRandom(4);
        int[] numbers = {1, 2, 3, 1 << 16, 99_991, PairCache.MOST_BUCKETS, PairCache.MOST_BUCKETS + 1, 1 << 24};
        for (int buckets : numbers) {
            HashedNgrams ngrams = new HashedNgrams(2, buckets, WordRule.PYTHON);
            for (int document = 0; document < 5; document++) {
                StringBuilder text = new StringBuilder();
                for (int i = 0; i < 300; i++)
                    text.append(Long.toString(random.nextLong(90), 36)).append(' ');
                assertThat(ngrams.of(text)).isEqualTo(reference(text.toString(), 2, buckets));
            }
        }
    }

    /** NLTK 3.10 keeps the dot above with the letters around it, and parts a fraction from them. */
    @Test
    void cutsWordsByEitherRule() {
        String text = "i\u0307stanbul 2½";
        assertThat(new HashedNgrams(1, 10_000, WordRule.UNICODE).of(text))
                .hasSize(3)
                .startsWith(8326);
        assertThat(new HashedNgrams(1, 10_000, WordRule.PYTHON).of(text)).hasSize(4);
    }

    @Test
    void hasNoNgramsWhereThereIsNoToken() {
        assertThat(new HashedNgrams(3, 100, WordRule.PYTHON).of("")).isEmpty();
        assertThat(new HashedNgrams(3, 100, WordRule.PYTHON).of(" \n\u2003")).isEmpty();
        assertThat(new HashedNgrams(3, 100, WordRule.PYTHON).of("one")).hasSize(1);
    }

    /** Their bytes are those of an empty slot. */
    @Test
    void tellsTokensOfZerosApart() throws NoSuchAlgorithmException {
        String text = "\0 \0\0 a \0\0\0\0\0\0\0\0 \0\0\0\0\0\0\0\0\0 ".repeat(3);
        assertThat(new HashedNgrams(2, 10_000, WordRule.PYTHON).of(text)).isEqualTo(reference(text, 2, 10_000));
    }

    @Test
    void estimatesLengthsAsThePackageDoes() {
        assertThat(HashedNgrams.length(9, 2)).isEqualTo(5);
        assertThat(HashedNgrams.length(0, 3)).isEqualTo(1);
        assertThat(HashedNgrams.length(3 + 2 + 1, 3)).isEqualTo(3);
    }

    /** More tokens and pairs than are remembered, long tokens, and a document that fills the memory by itself. */
    @Test
    void forgetsWithoutHarm() throws NoSuchAlgorithmException {
        SplittableRandom random = new SplittableRandom(3);
        HashedNgrams ngrams = new HashedNgrams(3, 65_537, WordRule.PYTHON);
        StringBuilder large = new StringBuilder();
        for (int i = 0; i < 200_000; i++) large.append(word(random)).append(i % 7 == 0 ? "-" : " ");
        assertThat(ngrams.of(large)).isEqualTo(reference(large.toString(), 3, 65_537));
        for (int document = 0; document < 20; document++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 500; i++) text.append(word(random)).append(random.nextInt(9) == 0 ? "  " : " ");
            assertThat(ngrams.of(text)).isEqualTo(reference(text.toString(), 3, 65_537));
        }
    }

    /** Half of the words are everyone's, so that threads come to add the same at the same time; together they fill the memory. */
    @Test
    void threadsRememberTogetherWithoutHarm() throws Exception {
        NgramMemory memory = new NgramMemory(10_000);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                int own = thread;
                all.add(threads.submit(() -> {
                    SplittableRandom common = new SplittableRandom(0);
                    SplittableRandom random = new SplittableRandom(1 + own);
                    HashedNgrams ngrams = new HashedNgrams(3, 10_000, WordRule.PYTHON, memory);
                    for (int document = 0; document < 150; document++) {
                        StringBuilder text = new StringBuilder();
                        for (int i = 0; i < 500; i++)
                            text.append(word(common))
                                    .append(' ')
                                    .append(word(random))
                                    .append(' ');
                        assertThat(ngrams.of(text)).isEqualTo(reference(text.toString(), 3, 10_000));
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) one.get();
        }
    }

    private static String word(SplittableRandom random) {
        String word = Long.toString(random.nextLong(1L << random.nextInt(1, 62)), 36);
        return random.nextInt(50) == 0 ? word.repeat(random.nextInt(1, 30)) : word;
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> new HashedNgrams(0, 10, WordRule.PYTHON)).hasMessageContaining("not 0");
        assertThatThrownBy(() -> new HashedNgrams(2, 0, WordRule.PYTHON)).hasMessageContaining("not 0");
        assertThatThrownBy(() -> new HashedNgrams(2, 1 << 25, WordRule.PYTHON)).hasMessageContaining("buckets");
    }

    /** From the definition, with strings and big integers; for texts of ASCII letters, digits and punctuation. */
    private static int[] reference(String text, int order, int buckets) throws NoSuchAlgorithmException {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = Pattern.compile("\\w+|[^\\w\\s]+").matcher(text.toLowerCase(Locale.ROOT));
        while (matcher.find()) tokens.add(matcher.group());
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        List<Integer> found = new ArrayList<>();
        for (int n = 1; n <= order; n++)
            for (int i = 0; i + n <= tokens.size(); i++) {
                byte[] digest =
                        sha256.digest(String.join(" ", tokens.subList(i, i + n)).getBytes(UTF_8));
                found.add(new BigInteger(1, digest)
                        .mod(BigInteger.valueOf(buckets))
                        .intValue());
            }
        return found.stream().mapToInt(i -> i).toArray();
    }
}
