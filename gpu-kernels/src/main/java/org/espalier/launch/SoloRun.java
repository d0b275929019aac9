package org.espalier.launch;

import java.util.List;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/** One launch in a task graph of its own, from the host's arrays and back into them. */
final class SoloRun {
    /** Runs that are timed, after one that is not. */
    private static final int TIMED = 5;

    /** Nobody waits longer than this for a further timed run. */
    private static final long PATIENCE = 300_000_000;

    private SoloRun() {}

    /**
     * @param timed whether to run it several times, of which the first alone comes back into the host's arrays
     * @return the least time that the kernel took on the device, in nanoseconds; −1 if it is not timed
     */
    static long run(uk.ac.manchester.tornado.api.common.TornadoDevice device, Launch launch, boolean timed) {
        List<Object> writes = launch.writes();
        TaskGraph graph = new TaskGraph("solo");
        graph.transferToDevice(
                DataTransferMode.FIRST_EXECUTION,
                SeparateMemory.arrays(List.of(launch)).toArray());
        graph.addTask(launch.task().apply("launch"));
        graph.transferToHost(DataTransferMode.UNDER_DEMAND, writes.toArray());
        try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
            plan.withDevice(device);
            if (launch.groups() != null)
                plan.withGridScheduler(
                        new GridScheduler("solo.launch", launch.groups().grid()));
            if (timed) plan.withProfiler(ProfilerMode.SILENT);
            TornadoExecutionResult result = plan.execute();
            for (Object array : writes) result.transferToHost(array);
            return timed ? time(plan) : -1;
        } catch (TornadoExecutionPlanException e) {
            throw new IllegalStateException("the device did not give back its memory: " + e.getMessage(), e);
        }
    }

    private static long time(TornadoExecutionPlan plan) {
        long best = Long.MAX_VALUE, spent = 0;
        for (int i = 0; i < TIMED && spent < PATIENCE; i++) {
            long time = plan.execute().getProfilerResult().getDeviceKernelTime();
            best = Math.min(best, time);
            spent += time;
        }
        return best;
    }
}
