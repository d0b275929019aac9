package org.espalier.methods.select;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.espalier.data.Dataset;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Tensor;
import org.espalier.launch.Device;
import org.espalier.launch.Plan;
import org.espalier.models.Model;
import org.espalier.select.Candidates;
import org.espalier.select.Ranking;
import org.espalier.select.Selection;
import org.espalier.select.Selector;
import org.espalier.spec.Default;
import org.espalier.spec.Inline;
import org.espalier.spec.Paper;
import org.espalier.train.Course;
import org.espalier.train.Feed;
import org.espalier.train.NamedArrays;
import org.espalier.train.Trainer;

/**
 * EL2N (Paul et al. 2021, §2.3): examples matter by the length of the error vector, ‖softmax(f(x)) − onehot(y)‖₂, which several freshly
 * drawn networks make after a short training, averaged over these. The highest are kept.
 *
 * @param runs how many networks
 * @param course how each of them is trained
 * @param offset how many of the very highest are passed over, which may be mislabelled
 */
@Paper(
        title = "Deep Learning on a Data Diet: Finding Important Examples Early in Training",
        year = 2021,
        id = "2107.07075",
        tags = {"data selection", "error norm"})
public record El2n(
        @Default("10") int runs,
        @Inline Course course,
        @Default("0") int offset) implements Selector {
    private static final String OWN = "el2n/";
    private static final int BATCH = 512;
    private static final int IMAGES = 64;

    public El2n {
        if (runs < 1) throw new IllegalArgumentException("runs must be at least 1, got " + runs);
        if (offset < 0) throw new IllegalArgumentException("offset must not be negative, got " + offset);
    }

    @Override
    public void check(Model model, Dataset.Shape form) {
        if (form.classes() < 2)
            throw new IllegalArgumentException(
                    "el2n compares predictions with classes, which tokens and texts have not");
    }

    @Override
    public double passes(long there) {
        return runs * (3.0 * (course.steps() - course.start()) * course.batch() + there);
    }

    @Override
    public Selection select(Candidates pool) {
        float[] sum = pool.progress().arrays().array(OWN + "sum", pool.data().size());
        float[] done = pool.progress().arrays().array(OWN + "done", 2); // runs, and updates of the run in progress
        while (done[0] < runs) {
            double[] errors = errors(pool.device(), trained(pool, done), pool.data());
            for (int i = 0; i < sum.length; i++) sum[i] += (float) errors[i];
            done[0]++;
            done[1] = 0;
            pool.progress().moment();
        }
        double[] scores = new double[sum.length];
        Arrays.setAll(scores, i -> sum[i] / (double) runs);
        return new Selection(Ranking.highest(scores, pool.keep(), offset), scores, rule(pool.keep()));
    }

    private String rule(int keep) {
        return "the " + keep + " of the highest mean error norm over " + runs + " networks"
                + (offset > 0 ? ", after the " + offset + " very highest" : "");
    }

    /** The next network, trained from where it was. */
    private Model trained(Candidates pool, float[] done) {
        NamedArrays arrays = pool.progress().arrays();
        long seed = pool.random("el2n", (long) done[0]).nextLong();
        Model model = pool.networks().fresh().apply(seed);
        if (done[1] > 0) model.parameters().forEach(p -> p.load(arrays.array(weights(p), p.size())));
        else
            arrays.all().forEach((name, array) -> {
                if (!name.startsWith(OWN)) Arrays.fill(array, 0f); // moments of the network before
            });
        long from = done[1] > 0 ? (long) done[1] : course.start();
        new Trainer(pool.device(), model, pool.data(), course, seed, "el2n", arrays).train(from, (step, loss) -> {
            if (step < course.steps()) pool.progress().moment(() -> keep(model, arrays, done, step));
            return true;
        });
        return model;
    }

    private static void keep(Model model, NamedArrays arrays, float[] done, long step) {
        for (Parameter p : model.parameters())
            System.arraycopy(p.value(), 0, arrays.array(weights(p), p.size()), 0, p.size());
        done[1] = step;
    }

    private static String weights(Parameter p) {
        return OWN + "weights/" + p.name();
    }

    /** ‖p − y‖₂ of each example. */
    static double[] errors(Device device, Model model, Dataset data) {
        Graph graph = Graph.forEvaluation();
        int batch = Math.min(model.inputShape().length > 1 ? IMAGES : BATCH, data.size());
        Feed feed = new Feed(device, graph, model, data, batch);
        Tensor logits = model.forward(graph, feed.input());
        Plan plan = device.compile(graph.launches());
        int[] ids = IntStream.range(0, data.size()).toArray();
        double[] errors = new double[ids.length];
        for (int first = 0; first < ids.length; first += batch) {
            int count = Math.min(batch, ids.length - first);
            feed.fill(ids, first, count);
            feed.wrote(plan);
            plan.run();
            plan.read(logits.value());
            for (int i = 0; i < count; i++) errors[first + i] = error(logits, i, data.label(first + i));
        }
        return errors;
    }

    private static double error(Tensor logits, int example, int label) {
        double[] z = new double[logits.features()];
        for (int c = 0; c < z.length; c++)
            z[c] = logits.value()[c * logits.featureStride() + example * logits.exampleStride()];
        return error(z, label);
    }

    /** ‖softmax(z) − onehot(label)‖₂. */
    static double error(double[] z, int label) {
        double highest = Arrays.stream(z).max().orElseThrow();
        double sum = 0, squares = 0;
        for (double logit : z) sum += StrictMath.exp(logit - highest);
        for (int c = 0; c < z.length; c++) {
            double off = StrictMath.exp(z[c] - highest) / sum - (c == label ? 1 : 0);
            squares += off * off;
        }
        return Math.sqrt(squares);
    }
}
