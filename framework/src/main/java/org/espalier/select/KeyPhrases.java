package org.espalier.select;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a text is about, in its own words, after Rose et al. (2010): phrases are runs of words between stop words and punctuation; a
 * word counts by how long the phrases are that it stands in, deg(w)/freq(w), a phrase by the sum over its words.
 */
public final class KeyPhrases {
    /** Longer runs are lists and tables, not phrases. */
    private static final int MOST_WORDS = 4;

    /** A word, or a sign that ends a phrase. */
    private static final Pattern PIECE = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}'-]*|[^\\s\\p{L}\\p{N}]");

    /** English words that join others. */
    private static final Set<String> STOP =
            Set.of(("a about above across after again against all almost along already also although"
                            + " always am among an and another any anybody anyone anything are aren't around as at away back be became because"
                            + " become been before behind being below between both but by came can can't cannot come could couldn't did didn't"
                            + " do does doesn't doing don't done down during each either else enough even ever every everyone everything except"
                            + " few first for from further gave get give given go going gone got had hadn't has hasn't have haven't having he"
                            + " her here hers herself him himself his how however i if in indeed instead into is isn't it it's its itself just"
                            + " kept knew know last least less let like likely made make many may me might mine more most much must my myself"
                            + " near nearly neither never next no nobody none nor not nothing now of off often on once one only onto or other"
                            + " others our ours ourselves out over own per perhaps put quite rather really said same saw say see seem seemed"
                            + " seems seen several shall she should since so some somebody someone something sometimes soon still such take"
                            + " taken than that that's the their theirs them themselves then there therefore these they this those though"
                            + " three through throughout thus till to together too took toward towards two under until up upon us very was"
                            + " wasn't way we well went were weren't what whatever when where whether which while who whole whom whose why"
                            + " will with within without won't would wouldn't yet you your yours yourself")
                    .split(" "));

    private KeyPhrases() {}

    /** The phrases of a text with the highest scores, of equal ones in the order of their letters; each once. */
    public static List<String> of(String text, int most) {
        List<List<String>> phrases = phrases(text);
        Map<String, Integer> frequency = new HashMap<>(), degree = new HashMap<>();
        for (List<String> phrase : phrases)
            for (String word : phrase) {
                frequency.merge(word, 1, Integer::sum);
                degree.merge(word, phrase.size(), Integer::sum);
            }
        SortedMap<String, Double> scores = new TreeMap<>();
        for (List<String> phrase : phrases) {
            double score = 0;
            for (String word : phrase) score += degree.get(word) / (double) frequency.get(word);
            scores.put(String.join(" ", phrase), score);
        }
        return scores.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed()) // stable: equal ones stay in order
                .limit(most)
                .map(Map.Entry::getKey)
                .toList();
    }

    private static List<List<String>> phrases(String text) {
        List<List<String>> phrases = new ArrayList<>();
        List<String> words = new ArrayList<>();
        Matcher pieces = PIECE.matcher(text.toLowerCase(Locale.ROOT));
        while (pieces.find()) {
            String word = pieces.group();
            boolean joins = STOP.contains(word) || word.codePoints().noneMatch(Character::isLetter);
            if (!joins) words.add(word);
            else end(words, phrases);
        }
        end(words, phrases);
        return phrases;
    }

    private static void end(List<String> words, List<List<String>> phrases) {
        if (!words.isEmpty() && words.size() <= MOST_WORDS) phrases.add(List.copyOf(words));
        words.clear();
    }
}
