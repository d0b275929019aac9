package org.espalier.experiment;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.regex.Pattern;

/**
 * A small sum over the metrics of a run, as it stands in the {@code report:} section of a spec.
 *
 * <p>{@code train/early-stop.test-accuracy @ 21.1% - train/early-stop.test-accuracy @ dense} is the whole language:
 * metric paths, numbers, {@code + - * /} between spaces, parentheses, {@code max(metric)} and {@code min(metric)} over
 * all levels, and {@code metric @ level}, where a level is a percentage of weights left, {@code 50% of examples} for the
 * turn whose selection kept that share, {@code dense} or {@code last} (which is what a path without a level means).
 * {@code first(train.0/test.accuracy 0.99)} is the first step at which a metric is at least that, infinite if it never is.
 * Anything not measured is NaN, and so is every sum with it.
 *
 * @param text the formula as written
 */
public record Formula(String text) {
    private static final Pattern TOKEN = Pattern.compile("[()]|[^()\\s]+");
    private static final Pattern PERCENT = Pattern.compile("\\d+(\\.\\d+)?%");

    /** What a level begins with that asks for the first step at which a metric has reached the number that follows. */
    public static final String FIRST = "first ";

    /** What a level ends with that is a share of the examples rather than of the weights. */
    public static final String OF_EXAMPLES = " of examples";

    /** Checks the grammar. */
    public Formula {
        new Reader(text, (metric, level) -> Double.NaN).whole();
    }

    /** Where a formula finds its numbers. */
    public interface Source {
        /**
         * The value of a metric.
         *
         * @param metric a path such as {@code train/early-stop.iteration}
         * @param level {@code dense}, {@code last}, {@code max}, {@code min}, a percentage such as {@code 21.1%}, or
         *     {@code 50% of examples}, or {@code first 0.99}
         * @return the value, NaN where it was not measured
         */
        double value(String metric, String level);
    }

    /** The value of this formula, NaN where a part of it was not measured. */
    public double value(Source source) {
        return new Reader(text, source).whole();
    }

    @Override
    public String toString() {
        return text;
    }

    /** Recursive descent that computes as it reads; a formula is far too short to deserve a tree. */
    private static final class Reader {
        private final String text;
        private final List<String> tokens;
        private final Source source;
        private int next;

        Reader(String text, Source source) {
            this.text = text;
            this.tokens = TOKEN.matcher(text).results().map(r -> r.group()).toList();
            this.source = source;
        }

        double whole() {
            double value = sum();
            if (next < tokens.size()) throw wrong("an operator (+ - * / between spaces)");
            return value;
        }

        private double sum() {
            double value = product();
            while (at("+") || at("-")) value = operator().applyAsDouble(value, product());
            return value;
        }

        private double product() {
            double value = factor();
            while (at("*") || at("/")) value = operator().applyAsDouble(value, factor());
            return value;
        }

        private DoubleBinaryOperator operator() {
            return switch (take()) {
                case "+" -> (a, b) -> a + b;
                case "-" -> (a, b) -> a - b;
                case "*" -> (a, b) -> a * b;
                default -> (a, b) -> a / b;
            };
        }

        private double factor() {
            if (at("(")) return inParentheses();
            if (next >= tokens.size()
                    || !Character.isLetterOrDigit(tokens.get(next).charAt(0))) {
                throw wrong("a number or a metric");
            }
            String word = take();
            if (Character.isDigit(word.charAt(0))) return number(word);
            if (at("(")) return extreme(word);
            if (word.indexOf('/') < 1) throw wrong("a metric path like train/accuracy instead of '" + word + "'");
            return source.value(word, at("@") ? level() : "last");
        }

        private double inParentheses() {
            take();
            double value = sum();
            close();
            return value;
        }

        private double extreme(String function) {
            if (!List.of("max", "min", "first").contains(function)) throw wrong("max, min or first before '('");
            take();
            if (next >= tokens.size() || tokens.get(next).indexOf('/') < 1) throw wrong("a metric path");
            String metric = take();
            String level = function;
            if (function.equals("first")) {
                String word = next < tokens.size() ? take() : "";
                number(word);
                level = FIRST + word;
            }
            close();
            return source.value(metric, level);
        }

        private String level() {
            take();
            String level = next < tokens.size() ? take() : "";
            if (PERCENT.matcher(level).matches()) return at("of") ? level + ofExamples() : level;
            if (level.equals("dense") || level.equals("last")) return level;
            throw wrong("dense, last or a percentage after '@'");
        }

        private String ofExamples() {
            take();
            if (!at("examples")) throw wrong("'examples' after 'of'");
            take();
            return OF_EXAMPLES;
        }

        private double number(String word) {
            try {
                return Double.parseDouble(word);
            } catch (NumberFormatException e) {
                throw wrong("a number instead of '" + word + "'");
            }
        }

        private void close() {
            if (!at(")")) throw wrong("')'");
            take();
        }

        private boolean at(String token) {
            return next < tokens.size() && tokens.get(next).equals(token);
        }

        private String take() {
            return tokens.get(next++);
        }

        private IllegalArgumentException wrong(String expected) {
            String where = next < tokens.size() ? "before '" + tokens.get(next) + "'" : "at the end";
            return new IllegalArgumentException("expected " + expected + " " + where + " of formula '" + text + "'");
        }
    }
}
