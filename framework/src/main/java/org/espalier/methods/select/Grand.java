package org.espalier.methods.select;

import java.util.Arrays;
import org.espalier.data.Dataset;
import org.espalier.models.Model;
import org.espalier.select.Candidates;
import org.espalier.select.ExampleGradients;
import org.espalier.select.Ranking;
import org.espalier.select.Selection;
import org.espalier.select.Selector;
import org.espalier.spec.Default;
import org.espalier.spec.Paper;

/**
 * GraNd (Paul et al. 2021, §2.2) at initialisation: examples matter by the norm of their loss's gradient over all parameters, averaged
 * over several freshly drawn networks. The highest are kept.
 *
 * @param runs how many networks
 * @param offset how many of the very highest are passed over, which may be mislabelled
 */
@Paper(
        title = "Deep Learning on a Data Diet: Finding Important Examples Early in Training",
        year = 2021,
        id = "2107.07075",
        tags = {"data selection", "gradient norm"})
public record Grand(@Default("10") int runs, @Default("0") int offset) implements Selector {
    private static final String SUM = "grand/sum";
    private static final String DONE = "grand/done";

    public Grand {
        if (runs < 1) throw new IllegalArgumentException("runs must be at least 1, got " + runs);
        if (offset < 0) throw new IllegalArgumentException("offset must not be negative, got " + offset);
    }

    @Override
    public void check(Model model, Dataset.Shape form) {
        ExampleGradients.check(model);
    }

    @Override
    public double passes(long there) {
        return 3.0 * runs * there;
    }

    @Override
    public Selection select(Candidates pool) {
        float[] sum = pool.progress().arrays().array(SUM, pool.data().size());
        float[] done = pool.progress().arrays().array(DONE, 1);
        while (done[0] < runs) {
            Model model = pool.networks()
                    .fresh()
                    .apply(pool.random("grand", (long) done[0]).nextLong());
            double[] norms = ExampleGradients.norms(pool.device(), model, pool.data());
            for (int i = 0; i < sum.length; i++) sum[i] += (float) norms[i];
            done[0]++;
            pool.progress().moment();
        }
        double[] scores = new double[sum.length];
        Arrays.setAll(scores, i -> sum[i] / (double) runs);
        return new Selection(Ranking.highest(scores, pool.keep(), offset), scores, rule(pool.keep()));
    }

    private String rule(int keep) {
        return "the " + keep + " of the highest mean gradient norm over " + runs + " networks"
                + (offset > 0 ? ", after the " + offset + " very highest" : "");
    }
}
