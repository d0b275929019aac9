package org.espalier.track;

/** Brings names and values within what MLflow accepts. */
final class MlflowNames {
    private static final int KEY = 250;
    private static final int PARAMETER = 6000;
    private static final int TAG = 8000;

    private MlflowNames() {}

    /** Other characters become an underscore; so does a leading slash, an empty part, or a part of dots only. */
    static String key(String name) {
        if (fine(name)) {
            return name;
        }
        String clean = name.replaceAll("[^A-Za-z0-9_\\-. /]", "_").replaceAll("(?<=^|/)\\.*(?=/|$)", "_");
        return clean.length() <= KEY ? clean : clean.substring(0, KEY - 9) + "_" + digest(clean);
    }

    static String parameter(String value) {
        return cut(value, PARAMETER);
    }

    static String tag(String value) {
        return cut(value, TAG);
    }

    /** Whether the name needs no change: no regular expressions here, this is called for every point. */
    private static boolean fine(String name) {
        int length = name.length();
        if (length == 0 || length > KEY) {
            return false;
        }
        boolean dots = true;
        for (int i = 0; i < length; i++) {
            char c = name.charAt(i);
            if (c == '/') {
                if (dots) {
                    return false;
                }
                dots = true;
            } else if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || "_- ".indexOf(c) >= 0) {
                dots = false;
            } else if (c != '.') {
                return false;
            }
        }
        return !dots;
    }

    private static String cut(String value, int most) {
        if (value.length() <= most) {
            return value;
        }
        String end = "… (" + value.length() + " characters, digest " + digest(value) + ")";
        return value.substring(0, most - end.length()) + end;
    }

    private static String digest(String text) {
        return RunInfo.id(text).substring(0, 8);
    }
}
