package org.espalier.experiment;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;
import org.espalier.engine.Parameter;
import org.espalier.launch.Device;
import org.espalier.models.Model;

/** What a training holds on the heap in arrays of floats, counted before it begins and once while it goes on. */
final class HeapUse {
    private final Device device;
    private final Model model;
    private long before;
    private long during = -1;

    HeapUse(Device device, Model model) {
        this.device = device;
        this.model = model;
    }

    void before() {
        model.releaseGradients(); // what an earlier step left is not this one's
        device.host(2, 1, (first, count) -> {}); // threads remember the last thing they did, and with it its arrays
        before = alive();
    }

    /** Whether it was not looked at yet. */
    boolean due() {
        return during < 0;
    }

    void during() {
        during = alive();
    }

    /** What has come since before the training, and the weights, which were there before. */
    long bytes() {
        long weights = 0;
        for (Parameter p : model.parameters()) weights += (long) Float.BYTES * p.size();
        return during < 0 ? -1 : during - before + weights;
    }

    /** Bytes of all arrays of floats that are reachable, as the virtual machine counts them after a full collection. */
    private static long alive() {
        try {
            String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
            return histogram
                    .lines()
                    .map(String::strip)
                    .filter(line -> line.matches("\\d+: +\\d+ +\\d+ +\\[F.*"))
                    .mapToLong(line -> Long.parseLong(line.split(" +")[2]))
                    .findFirst()
                    .orElse(0);
        } catch (JMException e) {
            throw new IllegalStateException("this virtual machine does not count its objects", e);
        }
    }
}
