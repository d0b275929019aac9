package org.espalier.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.runtime.ExecutorFrame;

/** One launch on its own, from the host's arrays and back into them. */
final class SoloRun {
    /** Runs that are timed, after one that is not. */
    private static final int TIMED = 5;

    /** Nobody waits longer than this, in nanoseconds, for a further timed run. */
    private static final long PATIENCE = 300_000_000;

    private SoloRun() {}

    /**
     * @param timed whether to run it several times, of which the first alone comes back into the host's arrays
     * @return the least time that the kernel took on the device, in nanoseconds; −1 if it is not timed
     */
    static long run(uk.ac.manchester.tornado.api.common.TornadoDevice device, Launch launch, boolean timed) {
        TaskGraphs graphs = new TaskGraphs(device);
        List<SharedGraph> uploads = new ArrayList<>();
        for (Set<Object> arrays : TaskGraphs.uploads(SeparateMemory.arrays(List.of(launch))))
            uploads.add(graphs.upload(arrays));
        ExecutorFrame frame = TornadoMemory.frame();
        if (timed) frame.setProfilerMode(ProfilerMode.SILENT);
        try {
            for (SharedGraph upload : uploads) upload.execute(frame);
            SharedGraph graph = graphs.run("solo", List.of(launch)).getFirst();
            graph.execute(frame);
            for (Object array : launch.writes()) graphs.owner(array).download(array);
            return timed ? time(graph, frame) : -1;
        } finally {
            uploads.forEach(SharedGraph::free);
        }
    }

    private static long time(SharedGraph graph, ExecutorFrame frame) {
        long best = Long.MAX_VALUE, spent = 0;
        for (int i = 0; i < TIMED && spent < PATIENCE; i++) {
            graph.execute(frame);
            long time = graph.inner().getDeviceKernelTime();
            best = Math.min(best, time);
            spent += time;
        }
        return best;
    }
}
