package org.espalier.methods.optimise;

import java.util.ArrayList;
import java.util.List;
import org.espalier.engine.Parameter;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Launch;
import org.espalier.launch.Plan;
import org.espalier.methods.Sites;
import org.espalier.train.NamedArrays;
import org.espalier.train.Optimiser;

/** Runs an optimiser on one weight whose gradient is given. */
final class Updates {
    private Updates() {}

    /** The weight after each update, beginning at {@code start}, with the gradients in order. */
    static List<Float> of(Optimiser optimiser, float start, float... gradients) {
        Parameter weight = Sites.weight("w", 1, 1, start).parameter();
        float[] step = {(float) optimiser.rate(), 1, 1, 1};
        List<Launch> launches = new ArrayList<>();
        optimiser.update(weight, step, new NamedArrays(), launches::add);
        List<Float> after = new ArrayList<>();
        try (CpuDevice device = new CpuDevice(1)) {
            Plan plan = device.compile(launches);
            for (int t = 0; t < gradients.length; t++) {
                weight.grad()[0] = gradients[t];
                optimiser.prepare(step, t + 1);
                plan.run();
                after.add(weight.value()[0]);
            }
        }
        return after;
    }
}
