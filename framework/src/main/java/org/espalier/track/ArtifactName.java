package org.espalier.track;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which names a run's artifacts may have: relative paths of at most 200 characters from {@code [A-Za-z0-9._-]} and
 * slashes, whose parts are neither empty nor made of dots nor end in one, nor are names of devices on Windows.
 */
public final class ArtifactName {
    private static final int LONGEST = 200;
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9._-]*[A-Za-z0-9_-]");
    private static final Pattern NUMBERED_DEVICE = Pattern.compile("(com|lpt)[0-9]");
    private static final Set<String> DEVICES = Set.of("con", "prn", "aux", "nul");

    private ArtifactName() {}

    /**
     * Looks at the text alone, before anything is opened or sent.
     *
     * @return the name
     * @throws IllegalArgumentException if it is not such a name
     */
    public static String check(String name) {
        if (name == null || name.isEmpty()) {
            throw new IllegalArgumentException("an artifact needs a name");
        }
        if (name.length() > LONGEST) {
            throw refused(name.substring(0, 40) + "…", "it is longer than " + LONGEST + " characters");
        }
        for (String part : name.split("/", -1)) {
            if (!PART.matcher(part).matches()) {
                throw refused(name, "parts are made of A-Z a-z 0-9 . _ - and do not end in a dot");
            }
            String stem = part.split("\\.", 2)[0].toLowerCase(Locale.ROOT);
            if (DEVICES.contains(stem) || NUMBERED_DEVICE.matcher(stem).matches()) {
                throw refused(name, "'" + part + "' names a device on Windows");
            }
        }
        return name;
    }

    private static IllegalArgumentException refused(String name, String why) {
        String shown = name.replaceAll("\\p{Cntrl}", "?");
        return new IllegalArgumentException("'" + shown + "' cannot name an artifact: " + why);
    }
}
