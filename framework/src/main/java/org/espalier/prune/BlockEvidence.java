package org.espalier.prune;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.espalier.engine.Parameter;
import org.espalier.engine.Rng;

/** The evidence on the sites of one block. Several threads may ask for different sites. */
final class BlockEvidence implements Evidence {
    private record Damped(Identity gram, double damping) {}

    /** An array as a key: by what it is, not by what it holds. */
    private record Identity(float[] array) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Identity identity && identity.array == array;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(array);
        }
    }

    private final Set<Statistic> wanted;
    private final Gradients gradients;
    private final long seed;
    private final String path;
    private final Map<String, Integer> draws = new ConcurrentHashMap<>();
    private final Map<Damped, Curvature> curvatures = new ConcurrentHashMap<>();
    private Map<Parameter, Map<Statistic, float[]>> inputs = new IdentityHashMap<>();
    private int length = 1;

    BlockEvidence(Set<Statistic> wanted, Gradients gradients, long seed, String path) {
        this.wanted = wanted;
        this.gradients = gradients;
        this.seed = seed;
        this.path = path;
    }

    void inputs(Map<Parameter, Map<Statistic, float[]>> gathered, int tokens) {
        inputs = gathered;
        length = tokens;
    }

    @Override
    public float[] of(Site.Weight site, Statistic statistic) {
        if (!wanted.contains(statistic))
            throw new IllegalStateException("a method uses " + statistic + " without declaring that it needs it");
        if (Statistic.OF_GRADIENTS.contains(statistic)) return gradients.of(statistic, site.parameter());
        return inputs.get(site.parameter()).get(statistic);
    }

    @Override
    public RandomGenerator random(Site site) {
        return Rng.of(seed, path + "/" + site.name(), draws.merge(site.name(), 1, Integer::sum));
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public Curvature curvature(Site.Weight site, double damping) {
        float[] gram = of(site, Statistic.GRAM);
        try {
            return curvatures.computeIfAbsent(
                    new Damped(new Identity(gram), damping), key -> Curvature.of(gram, damping));
        } catch (IllegalArgumentException e) {
            throw new PruningException(
                    site.name() + ": the second-order statistics of its input cannot be used: " + e.getMessage());
        }
    }
}
