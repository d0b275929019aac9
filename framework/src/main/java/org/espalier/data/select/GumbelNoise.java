package org.espalier.data.select;

/**
 * Standard Gumbel deviates in the order in which NumPy's legacy generator gives them. Added to log weights, they make the k largest
 * sums a sample without replacement (Kool et al., 2019).
 */
public final class GumbelNoise {
    private final MersenneTwister random;

    /** @param seed 0 … 2^32 - 1, as for {@code numpy.random.seed} */
    public GumbelNoise(long seed) {
        random = new MersenneTwister(seed);
    }

    public double next() {
        double u;
        do {
            u = 1 - random.nextDouble();
        } while (u >= 1);
        return -StrictMath.log(-StrictMath.log(u));
    }
}
