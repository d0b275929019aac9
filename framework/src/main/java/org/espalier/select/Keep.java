package org.espalier.select;

/**
 * How many examples are wanted. A number with a point or a per cent sign is a share of those there are ({@code 0.1}, {@code 10%},
 * {@code 1.0}); a number without is how many ({@code 500}, {@code 1}).
 *
 * @param amount as it is written; the constructor gives it one form, so that {@code 10%} and {@code 0.10} make one key
 */
public record Keep(String amount) {
    public Keep {
        boolean number = amount.matches("[0-9][0-9_]{0,14}([.][0-9]{0,17})?%?|[.][0-9]{1,17}%?");
        if (!number)
            throw new IllegalArgumentException(
                    "amount must be a share such as 0.1 or 10%, or a whole number of examples, got '" + amount + "'");
        boolean percent = amount.endsWith("%"), share = percent || amount.contains(".");
        double value = Double.parseDouble(amount.replace("_", "").replace("%", "")) / (percent ? 100 : 1);
        if (value == 0) throw new IllegalArgumentException("amount is " + amount + ": nothing would be selected");
        if (share && value > 1)
            throw new IllegalArgumentException("amount is " + amount + ", more than all there is; a number of examples"
                    + " is written without a point");
        amount = share ? Double.toString(value) : Long.toString((long) value);
    }

    /**
     * The number of examples, a share rounded to the nearest.
     *
     * @param there how many there are
     * @param part what they are called
     * @throws IllegalArgumentException if it is none, or more than there are
     */
    public int of(int there, String part) {
        long wanted = isShare() ? Math.round(Double.parseDouble(amount) * there) : Long.parseLong(amount);
        if (wanted > there)
            throw new IllegalArgumentException(
                    "keep: " + amount + " is more than the " + there + " examples of " + part);
        if (wanted == 0)
            throw new IllegalArgumentException(
                    "keep: " + amount + " of the " + there + " examples of " + part + " is none: nothing is selected");
        return (int) wanted;
    }

    private boolean isShare() {
        return amount.contains(".");
    }
}
