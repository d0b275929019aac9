package org.espalier.spec;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.espalier.spec.Node.Scalar;

/** Texts as values of the type that receives them, and back. */
final class Scalars {
    private static final String WHOLE = "[-+]?[0-9]+(_[0-9]+)*([eE]\\+?[0-9]{1,2})?";
    private static final String NUMBER = "[-+]?([0-9]+(_[0-9]+)*(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]{1,3})?";
    private static final int LONGEST_NUMBER = 60;

    private Scalars() {}

    /** Reads a text as a boolean, number, enum constant or string. */
    static Object read(Class<?> type, Node node, String what) {
        if (!isScalar(type)) throw new IllegalStateException("no spec can fill a " + type.getName());
        if (!(node instanceof Scalar scalar) || scalar.isNull())
            throw new SpecException("'" + what + "' takes " + called(type) + "; found " + node.describe(), node.mark());
        if (type == String.class) return scalar.text();
        if (type.isEnum()) return constant(type, scalar, what);
        Object value = scalar.quoted() ? null : plain(type, scalar.text());
        if (value == null)
            throw new SpecException("'" + what + "' takes " + called(type) + "; found " + node.describe(), node.mark());
        return value;
    }

    /** Whether a type is written as one text. */
    static boolean isScalar(Class<?> type) {
        return type == String.class
                || type.isEnum()
                || type.isPrimitive()
                || Number.class.isAssignableFrom(type)
                || type == Boolean.class;
    }

    private static Object plain(Class<?> type, String text) {
        return switch (type.getSimpleName()) {
            case "boolean", "Boolean" ->
                text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : null;
            case "int", "Integer" -> {
                Long whole = whole(text);
                yield whole == null || whole != whole.intValue() ? null : (Object) whole.intValue();
            }
            case "long", "Long" -> whole(text);
            case "double", "Double" -> number(text);
            case "float", "Float" -> {
                Double number = number(text);
                boolean fits = number != null && (number.isInfinite() || !Float.isInfinite(number.floatValue()));
                yield fits ? (Object) Float.valueOf(number.floatValue()) : null;
            }
            default -> throw new IllegalStateException("no spec can fill a " + type.getName());
        };
    }

    private static Long whole(String text) {
        if (text.length() > LONGEST_NUMBER || !text.matches(WHOLE)) return null;
        BigDecimal value = new BigDecimal(text.replace("_", ""));
        return value.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0 ? null : value.longValueExact();
    }

    private static Double number(String text) {
        if (text.matches("[-+]?\\.inf"))
            return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        if (text.length() > LONGEST_NUMBER || !text.matches(NUMBER)) return null;
        double value = Double.parseDouble(text.replace("_", ""));
        return Double.isInfinite(value) ? null : value;
    }

    private static Object constant(Class<?> type, Scalar scalar, String what) {
        Map<String, Object> constants = new LinkedHashMap<>();
        for (Object constant : type.getEnumConstants())
            constants.put(Names.kebab(((Enum<?>) constant).name()), constant);
        Object found = constants.get(scalar.text());
        if (found != null) return found;
        String unknown = "'" + what + "' cannot be " + scalar.describe();
        throw new SpecException(unknown + Names.suggest(scalar.text(), constants.keySet()), scalar.mark());
    }

    private static String called(Class<?> type) {
        if (type.isEnum())
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(c -> Names.kebab(((Enum<?>) c).name()))
                            .toList();
        return switch (type.getSimpleName()) {
            case "int", "Integer", "long", "Long" -> "a whole number";
            case "double", "Double", "float", "Float" -> "a number";
            case "boolean", "Boolean" -> "true or false";
            default -> "a text";
        };
    }

    /** A value in the one form in which it is always written: numbers in the shortest digits that read back equal. */
    static Scalar write(Object value, Mark mark) {
        return switch (value) {
            case String text -> new Scalar(text, !YamlWriter.isWord(text), mark);
            case Enum<?> constant -> new Scalar(Names.kebab(constant.name()), false, mark);
            case Double number when number.isInfinite() -> new Scalar(number > 0 ? ".inf" : "-.inf", false, mark);
            case Float number when number.isInfinite() -> new Scalar(number > 0 ? ".inf" : "-.inf", false, mark);
            case Double number -> new Scalar(digits(number.toString()), false, mark);
            case Float number -> new Scalar(digits(number.toString()), false, mark);
            default -> new Scalar(value.toString(), false, mark);
        };
    }

    private static String digits(String shortest) {
        BigDecimal value = new BigDecimal(shortest).stripTrailingZeros();
        if (value.signum() == 0) return shortest.startsWith("-") ? "-0.0" : "0";
        int exponent = value.precision() - value.scale() - 1;
        if (exponent >= -4 && exponent < 16) return value.toPlainString();
        String figures = value.unscaledValue().toString();
        int first = value.signum() < 0 ? 2 : 1;
        String rest = figures.substring(first);
        return figures.substring(0, first) + (rest.isEmpty() ? "" : "." + rest) + "e" + exponent;
    }
}
