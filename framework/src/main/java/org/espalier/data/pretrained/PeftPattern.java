package org.espalier.data.pretrained;

import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A setting that some modules may have another value of. The keys of the exceptions are regular expressions for ends of names; as
 * they come out of a file, their length is limited and so is the work of matching them.
 *
 * @param name the exceptions' key
 */
record PeftPattern(Config config, String name) {
    private static final int LONGEST = 1000;
    private static final int MOST_STEPS = 1_000_000;

    /** The value for {@code module}, under {@code key} where no exception fits; 8 where nothing is said, as in peft. */
    double of(String key, String module) throws IOException {
        Optional<Config> exceptions = config.optionalNested(name);
        if (exceptions.isPresent()) {
            for (String end : exceptions.get().keys()) {
                if (fits(end, module)) {
                    return exceptions.get().number(end);
                }
            }
        }
        return config.optionalNumber(key).orElse(8);
    }

    private boolean fits(String end, String module) throws IOException {
        if (module.equals(end) || module.endsWith("." + end)) {
            return true;
        }
        if (end.length() > LONGEST || module.length() > LONGEST) {
            throw config.wrong(name, "has a key, or is about a module, of more than " + LONGEST + " characters");
        }
        try {
            return Pattern.compile("(.*\\.)?(" + end + ")")
                    .matcher(new Counted(module))
                    .matches();
        } catch (PatternSyntaxException e) {
            throw config.wrong(name, "has a key that is no regular expression: " + e.getDescription());
        } catch (TooLong e) {
            throw config.wrong(name, "has the key '" + end + "', which takes too long to match");
        }
    }

    /** Thrown out of the midst of a match. */
    private static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLong() {
            super(null, null, false, false);
        }
    }

    /** A text that can be looked at only so often. */
    private static final class Counted implements CharSequence {
        private final String text;
        private int steps;

        Counted(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++steps > MOST_STEPS) {
                throw new TooLong();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return text.substring(from, to);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
