package org.espalier.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.runtime.ExecutorFrame;

/** What stands for one launch on its own, from the host's arrays and back into them. */
final class SoloRun {
    /** Runs that are timed, after one that is not. */
    private static final int TIMED = 5;

    /** Nobody waits longer than this, in nanoseconds, for a further timed run. */
    private static final long PATIENCE = 300_000_000;

    private SoloRun() {}

    /**
     * @param timed whether to run it several times, of which the first alone comes back into the host's arrays
     * @return the least time that the kernels took on the device, in nanoseconds; −1 if they are not timed
     */
    static long run(uk.ac.manchester.tornado.api.common.TornadoDevice device, List<Launch> launches, boolean timed) {
        TaskGraphs graphs = new TaskGraphs(device);
        List<SharedGraph> uploads = new ArrayList<>();
        for (Set<Object> arrays : TaskGraphs.uploads(SeparateMemory.arrays(launches)))
            uploads.add(graphs.upload(arrays));
        ExecutorFrame frame = TornadoMemory.frame();
        try {
            for (SharedGraph upload : uploads) upload.execute(frame);
            List<SharedGraph> runs = graphs.run("solo", launches);
            for (SharedGraph run : runs) run.execute(frame);
            for (Launch launch : launches)
                for (Object array : launch.writes()) graphs.owner(array).download(array);
            return timed ? time(runs, frame) : -1;
        } finally {
            uploads.forEach(SharedGraph::free);
        }
    }

    private static long time(List<SharedGraph> runs, ExecutorFrame frame) {
        frame.setProfilerMode(ProfilerMode.SILENT);
        long best = Long.MAX_VALUE, spent = 0;
        for (int i = 0; i < TIMED && spent < PATIENCE; i++) {
            long time = 0;
            for (SharedGraph run : runs) {
                run.execute(frame);
                time += run.inner().getDeviceKernelTime();
            }
            best = Math.min(best, time);
            spent += time;
        }
        return best;
    }
}
