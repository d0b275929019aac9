package org.espalier.train;

import java.util.Arrays;
import org.espalier.data.Dataset;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.ops.Losses;
import org.espalier.launch.Device;
import org.espalier.launch.Plan;
import org.espalier.models.Model;

/**
 * What merging an adapter was found to do.
 *
 * @param zerosBefore weights that a mask made zero before
 * @param zerosAfter the same afterwards
 * @param difference the largest difference between the losses of the unmerged and the merged network on single labels
 */
public record Merge(long zerosBefore, long zerosAfter, double difference) {
    /** How far two computations of one loss in other orders may be apart, as a share of 1 + loss. */
    private static final double ROUNDING = 2e-3;

    /** The network before an adapter is merged. */
    record Before(float[] losses, long zeros) {}

    /** Compares a network with itself on the first examples of its data. */
    record Probe(Device device, Model model, Dataset data, int examples) {
        Before before() {
            return new Before(losses(), zeros());
        }

        Merge compare(Before before, boolean keepsZeros, String path) {
            long zeros = zeros();
            if (keepsZeros && zeros < before.zeros())
                throw new IllegalStateException(path + ": merging left " + zeros + " of " + before.zeros()
                        + " pruned weights zero, though this adapter keeps them");
            float[] after = losses();
            double worst = 0;
            for (int i = 0; i < after.length; i++) {
                double difference = Math.abs(after[i] - before.losses()[i]);
                worst = Math.max(worst, difference);
                if (!(difference <= ROUNDING * (1 + Math.abs(before.losses()[i]))))
                    throw new IllegalStateException(path + ": the merged network's loss on label " + i + " is "
                            + after[i] + " where the adapted one's was " + before.losses()[i]);
            }
            return new Merge(before.zeros(), zeros, worst);
        }

        private float[] losses() {
            Graph graph = Graph.forEvaluation();
            Feed feed = new Feed(device, graph, model, data, examples);
            Losses.Loss loss = model.loss(graph, feed.input(), feed.labels(), feed.weights());
            Plan plan = device.compile(graph.launches());
            int[] ids = new int[examples];
            Arrays.setAll(ids, i -> i);
            feed.fill(ids, 0, examples);
            feed.wrote(plan);
            plan.run();
            plan.read(loss.losses());
            return loss.losses().clone();
        }

        private long zeros() {
            long zeros = 0;
            for (Parameter weight : model.weights()) zeros += weight.size() - weight.kept();
            return zeros;
        }
    }
}
