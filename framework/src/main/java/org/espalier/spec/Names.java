package org.espalier.spec;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Names in specs ({@code n-of-m}), in code ({@code NOfM}), and the nearest one to a misspelled one. */
public final class Names {
    private Names() {}

    /** {@code NOfM} and {@code nOfM} become {@code n-of-m}; {@code GLOROT_NORMAL} becomes {@code glorot-normal}. */
    public static String kebab(String name) {
        if (name.equals(name.toUpperCase(Locale.ROOT)))
            return name.toLowerCase(Locale.ROOT).replace('_', '-');
        StringBuilder kebab = new StringBuilder();
        for (char c : name.toCharArray()) {
            if (Character.isUpperCase(c) && !kebab.isEmpty()) kebab.append('-');
            kebab.append(Character.toLowerCase(c));
        }
        return kebab.toString();
    }

    /** The name of a type in a spec. */
    public static String of(Class<?> type) {
        return kebab(type.getSimpleName());
    }

    /** {@code n-of-m} becomes {@code NOfM}; empty unless {@link #kebab} leads back. */
    static Optional<String> className(String kebab) {
        if (!kebab.matches("[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*")) return Optional.empty();
        StringBuilder name = new StringBuilder();
        for (String word : kebab.split("-"))
            name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
        return Optional.of(name.toString());
    }

    /** The known name nearest to a word, if one is near enough to be meant. */
    public static Optional<String> nearest(String word, Collection<String> known) {
        String plain = plain(word);
        return known.stream()
                .filter(name ->
                        distance(plain, plain(name)) <= Math.max(1, Math.min(plain.length(), name.length()) / 3))
                .min(Comparator.comparingInt(name -> 2 * distance(plain, plain(name)) - sameStart(plain, name)));
    }

    /** The end of an error about an unknown word: the nearest known name, or all of them. */
    static String suggest(String word, Collection<String> known) {
        return nearest(word, known)
                .map(name -> "; did you mean '" + name + "'?")
                .orElse(
                        known.isEmpty()
                                ? ""
                                : "; known: " + known.stream().sorted().collect(Collectors.joining(", ")));
    }

    private static int sameStart(String word, String name) {
        return !word.isEmpty() && name.startsWith(word.substring(0, 1)) ? 1 : 0;
    }

    private static String plain(String name) {
        return (name.length() > 80 ? name.substring(0, 80) : kebab(name)).replace('_', '-');
    }

    /** Damerau–Levenshtein distance, where only neighbours swap: insertions, deletions, changes and swaps. */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++)
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(d[i - 1][j - 1] + change, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
            }
        return d[a.length()][b.length()];
    }
}
