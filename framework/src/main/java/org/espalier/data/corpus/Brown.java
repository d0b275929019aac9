package org.espalier.data.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.espalier.data.Corpus;
import org.espalier.data.Text;
import org.espalier.data.fetch.CachedDataset;
import org.espalier.data.fetch.Fetch;
import org.espalier.data.file.Digest;
import org.espalier.data.file.FileFormatException;
import org.espalier.spec.Default;

/**
 * The Brown corpus: 500 American texts of 1961, a million words in fifteen genres. Words lose the tag after their last
 * slash and are joined by one space; texts are in the order of their names, joined by a newline.
 *
 * <p>The split is by texts and the same for everyone: in the order of all 500 names every tenth is {@code test}, the one
 * before it {@code valid}, the rest {@code train}.
 *
 * @param genres those that are wanted; left out, all
 * @param part which texts of them
 */
public record Brown(
        @Default("[]") List<Genre> genres, @Default("train") Division part) implements Corpus {
    private static final int SPLIT = 10;

    /** Of a text without its tags, on average. */
    private static final int CHARACTERS = 12_250;

    /** Which texts. */
    public enum Division {
        TRAIN,
        VALID,
        TEST,
        ALL
    }

    /** The genres, in the order of their letters. */
    public enum Genre {
        NEWS('a', 44),
        EDITORIAL('b', 27),
        REVIEWS('c', 17),
        RELIGION('d', 17),
        HOBBIES('e', 36),
        LORE('f', 48),
        BELLES_LETTRES('g', 75),
        GOVERNMENT('h', 30),
        LEARNED('j', 80),
        FICTION('k', 29),
        MYSTERY('l', 24),
        SCIENCE_FICTION('m', 6),
        ADVENTURE('n', 29),
        ROMANCE('p', 29),
        HUMOR('r', 9);

        private final char letter;
        private final int texts;

        Genre(char letter, int texts) {
            this.letter = letter;
            this.texts = texts;
        }

        private String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public Brown {
        genres = List.copyOf(genres);
    }

    @Override
    public OptionalLong characters(Path datasets) {
        long texts = 0;
        int number = 0;
        for (Genre genre : Genre.values())
            for (int i = 0; i < genre.texts; i++, number++) if (isWanted(genre, number)) texts++;
        return OptionalLong.of(texts * CHARACTERS);
    }

    @Override
    public Text open(Path datasets) throws IOException {
        CachedDataset cached = new Fetch(datasets).cached("brown");
        List<Text.Document> documents = new ArrayList<>();
        int number = 0;
        for (Genre genre : Genre.values()) {
            for (int i = 1; i <= genre.texts; i++, number++) {
                if (isWanted(genre, number)) {
                    documents.add(read(cached, genre, "c%c%02d".formatted(genre.letter, i)));
                }
            }
        }
        return new Text("brown/" + part.name().toLowerCase(Locale.ROOT), documents, "\n");
    }

    private boolean isWanted(Genre genre, int number) {
        Division division = switch (number % SPLIT) {
            case SPLIT - 1 -> Division.TEST;
            case SPLIT - 2 -> Division.VALID;
            default -> Division.TRAIN;
        };
        return (genres.isEmpty() || genres.contains(genre)) && (part == Division.ALL || part == division);
    }

    private static Text.Document read(CachedDataset cached, Genre genre, String name) throws IOException {
        Path file = cached.folder().resolve(name);
        byte[] bytes = Files.readAllBytes(file);
        cached.check(name, Digest.of(bytes));
        return new Text.Document(name, genre.label(), untagged(file, Utf8.decode(file, bytes)));
    }

    /** The words of a tagged text. */
    static String untagged(Path file, String tagged) throws FileFormatException {
        StringBuilder words = new StringBuilder(tagged.length() / 2);
        int line = 0;
        for (String text : tagged.split("\n", -1)) {
            line++;
            for (String word : text.strip().split("\\s+")) {
                int slash = word.lastIndexOf('/');
                if (slash < 1 && !word.isEmpty()) {
                    throw new FileFormatException(file, "line " + line, "has '" + word + "', a word without a tag");
                }
                if (!word.isEmpty()) {
                    words.append(words.isEmpty() ? "" : " ").append(word, 0, slash);
                }
            }
        }
        return words.toString();
    }
}
