package org.espalier.launch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoTaskGraphInterface;
import uk.ac.manchester.tornado.api.runtime.ExecutorFrame;

/**
 * A task graph that keeps some of its arrays in buffers that belong to other graphs. TornadoVM's execution plans hand buffers on to a
 * graph only from the one that was executed just before it; but a graph may be told itself, once for each that it takes from, and what
 * it then knows it keeps.
 */
final class SharedGraph extends TaskGraph {
    private final List<SharedGraph> owners = new ArrayList<>();
    private final GridScheduler grids = new GridScheduler();

    SharedGraph(String name) {
        super(name);
    }

    /** Takes the buffers of {@code arrays} from {@code owner}, which has to be executed before this graph is. */
    void take(SharedGraph owner, Collection<Object> arrays) {
        consumeFromDevice(owner.getTaskGraphName(), arrays.toArray());
        owners.add(owner);
    }

    void add(String task, Launch launch) {
        addTask(launch.task().apply(task));
        if (launch.groups() != null)
            grids.addWorkerGrid(getTaskGraphName() + "." + task, launch.groups().grid());
    }

    /** What TornadoVM makes of the graph: its measurements, among others. */
    TornadoTaskGraphInterface inner() {
        return taskGraphImpl;
    }

    /** To be called when everything is in the graph: buffers that are only read by its tasks may be written by other graphs. */
    void finish(uk.ac.manchester.tornado.api.common.TornadoDevice device) {
        taskGraphImpl.updateObjectAccess();
        taskGraphImpl.setDevice(device);
        if (!grids.keySet().isEmpty()) taskGraphImpl.withGridScheduler(grids);
    }

    void execute(ExecutorFrame frame) {
        for (SharedGraph owner : owners) {
            taskGraphImpl.setLastExecutedTaskGraph(owner.taskGraphImpl);
            taskGraphImpl.updatePersistedObjectState();
        }
        owners.clear();
        taskGraphImpl.execute(frame).waitOn();
    }

    void download(Object array) {
        taskGraphImpl.syncRuntimeTransferToHost(array);
    }

    /** Gives back the buffers that belong to this graph. */
    void free() {
        taskGraphImpl.freeDeviceMemory();
    }
}
