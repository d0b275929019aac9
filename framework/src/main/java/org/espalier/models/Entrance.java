package org.espalier.models;

import java.util.function.Supplier;
import org.espalier.engine.Graph;
import org.espalier.engine.Tensor;
import org.espalier.launch.Device;
import org.espalier.launch.Plan;

/**
 * What lies before the first block, traced.
 *
 * @param entered what enters the first block
 * @param read the array that the launches begin with
 * @param fill brings what stands in the network's input into that array, if it is another
 */
public record Entrance(Graph graph, Tensor entered, float[] read, Runnable fill) {
    /** Makes it run: each call gives what enters of the examples that stand in the input then, in an array of its own. */
    public Supplier<float[]> on(Device device) {
        Plan plan = device.compile(graph.launches());
        return () -> {
            fill.run();
            plan.wrote(read);
            plan.run();
            plan.read(entered.value());
            return entered.value().clone();
        };
    }
}
