package org.espalier.experiment;

import java.util.List;
import java.util.concurrent.CancellationException;
import org.espalier.launch.Device;
import org.espalier.launch.Launch;
import org.espalier.launch.Plan;

/**
 * A device on which nothing more begins once a stop was asked for: {@link CancellationException}. For stages of which nothing is kept
 * before they end, so that nobody waits minutes for one to end: going on, a run does the stage again from its beginning.
 */
record StoppableDevice(Device device, Stop stop) implements Device {
    private void check() {
        if (stop.asked()) throw new CancellationException("a stop was asked for");
    }

    @Override
    public String name() {
        return device.name();
    }

    @Override
    public String arithmetic() {
        return device.arithmetic();
    }

    @Override
    public List<Plan> compileTogether(List<List<Launch>> parts) {
        return device.compileTogether(parts).stream()
                .map(plan -> (Plan) new StoppablePlan(plan))
                .toList();
    }

    @Override
    public void host(int extent, int grain, Launch.Slice body) {
        check();
        device.host(extent, grain, body);
    }

    /** Nothing: it is another's. */
    @Override
    public void close() {}

    private final class StoppablePlan implements Plan {
        private final Plan plan;

        StoppablePlan(Plan plan) {
            this.plan = plan;
        }

        @Override
        public void run() {
            check();
            plan.run();
        }

        @Override
        public void read(Object array) {
            plan.read(array);
        }

        @Override
        public void wrote(Object array) {
            plan.wrote(array);
        }
    }
}
