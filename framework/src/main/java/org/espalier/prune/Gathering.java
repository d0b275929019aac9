package org.espalier.prune;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.espalier.engine.Parameter;
import org.espalier.train.Training;

/** Statistics of weights for those who do not prune: adapters that choose where to train, or in which directions. */
public final class Gathering {
    private Gathering() {}

    /**
     * A statistic of each weight, over training examples drawn at random.
     *
     * @param statistic one of gradients or of inputs
     * @param examples how many, or all there are
     */
    public static Map<Parameter, float[]> gather(
            Statistic statistic, Training training, List<Parameter> weights, int examples) {
        Pruning.Calibration calibration = new Pruning.Calibration(training.data(), examples, Pruning.Order.DENSE);
        List<Site.Weight> sites = weights.stream().map(Site.Weight::new).toList();
        Set<Statistic> wanted = Set.of(statistic);
        Walk walk = new Walk(
                training.device(), training.model(), sites, calibration, wanted, training.seed(), training.path());
        Map<Parameter, float[]> found = new IdentityHashMap<>();
        walk.through(wanted, false, (block, evidence) -> {
            for (int s : block) found.put(weights.get(s), evidence.of(sites.get(s), statistic));
        });
        return found;
    }
}
