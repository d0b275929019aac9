package org.espalier.report;

import java.util.stream.DoubleStream;

/**
 * A number measured once for each seed.
 *
 * @param mean over those that measured it, NaN if none did
 * @param deviation sample standard deviation, NaN below two
 * @param low the smallest
 * @param high the largest
 * @param count how many measured it
 */
record Spread(double mean, double deviation, double low, double high, int count) {
    static Spread of(DoubleStream values) {
        double[] v = values.filter(x -> !Double.isNaN(x)).toArray();
        if (v.length == 0) return new Spread(Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0);
        double mean = DoubleStream.of(v).average().orElseThrow();
        double squares = DoubleStream.of(v).map(x -> (x - mean) * (x - mean)).sum();
        return new Spread(
                mean,
                v.length < 2 ? Double.NaN : Math.sqrt(squares / (v.length - 1)),
                DoubleStream.of(v).min().orElseThrow(),
                DoubleStream.of(v).max().orElseThrow(),
                v.length);
    }
}
