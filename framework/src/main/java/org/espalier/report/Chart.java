package org.espalier.report;

import java.util.List;

/**
 * A figure before anybody draws it; {@link Plotly} draws it for the page, {@link Still} for papers.
 *
 * @param id the file name of the figure: lower-case letters, digits and dashes
 * @param title the heading
 * @param caption a sentence or two on how to read it
 * @param x the horizontal axis
 * @param y the vertical axis
 * @param traces what is drawn
 */
record Chart(String id, String title, String caption, Axis x, Axis y, List<Trace> traces) {

    /** How an axis runs. */
    enum Scale {
        LINEAR,
        LOG,
        /** Logarithmic, falling to the right, as papers draw the weights left. */
        LOG_FALLING
    }

    /**
     * An axis.
     *
     * @param title with its unit
     * @param scale how it runs
     * @param ticks where labels stand, empty to leave it to the drawer
     * @param low the least value shown, NaN to leave it to the drawer
     * @param high the greatest value shown, NaN to leave it to the drawer
     */
    record Axis(String title, Scale scale, List<Double> ticks, double low, double high) {
        Axis(String title, Scale scale, List<Double> ticks) {
            this(title, scale, ticks, Double.NaN, Double.NaN);
        }

        static Axis linear(String title) {
            return new Axis(title, Scale.LINEAR, List.of());
        }

        Axis within(double least, double greatest) {
            return new Axis(title, scale, ticks, least, greatest);
        }
    }

    /** How a trace looks. */
    enum Look {
        LINE,
        DASHED,
        MARKED,
        DASHED_MARKED,
        POINTS
    }

    /**
     * One line or set of points.
     *
     * @param name what it is
     * @param group in the page's legend, where traces of one group share an entry
     * @param look how it is drawn
     * @param colour its colour
     * @param x positions, in the axis' unit
     * @param y heights, in the axis' unit, NaN where there is none
     * @param low lower edge of the band over seeds, or null
     * @param high upper edge of the band over seeds, or null
     */
    record Trace(
            String name, String group, Look look, Colour colour, double[] x, double[] y, double[] low, double[] high) {
        boolean banded() {
            return low != null;
        }
    }

    /** A colour on light and on dark paper. */
    record Colour(String light, String dark) {
        private static final List<Colour> DISTINCT = List.of(
                new Colour("#1f6fb2", "#6cb6ff"),
                new Colour("#d1662b", "#ffa45c"),
                new Colour("#2d8a57", "#5fd38d"),
                new Colour("#a0468f", "#e58fd4"),
                new Colour("#8a6d1f", "#d9bd5e"),
                new Colour("#4b5b6b", "#a9b8c6"));
        private static final List<Colour> ORDERED = List.of(
                new Colour("#3b3f46", "#f0f2f5"),
                new Colour("#5b3a9e", "#b79cff"),
                new Colour("#1f6fb2", "#6cb6ff"),
                new Colour("#178a82", "#4fd6c9"),
                new Colour("#5f9321", "#a5dc5c"),
                new Colour("#c98412", "#ffc04d"),
                new Colour("#c8452f", "#ff8570"));
        /** For what a paper says. */
        static final Colour PAPER = new Colour("#b3123f", "#ff6f91");

        static Colour distinct(int i) {
            return DISTINCT.get(i % DISTINCT.size());
        }

        /** The i-th of n colours that lead from the first to the last. */
        static Colour ordered(int i, int n) {
            return ORDERED.get(n < 2 ? 0 : (int) Math.round(i * (ORDERED.size() - 1.0) / (n - 1)));
        }
    }
}
