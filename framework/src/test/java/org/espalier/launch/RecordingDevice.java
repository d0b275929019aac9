package org.espalier.launch;

import java.util.ArrayList;
import java.util.List;

/** Runs on the CPU and remembers what was done with the plans that were compiled last: a training's steps. */
public final class RecordingDevice implements Device {
    private final CpuDevice cpu = new CpuDevice(1);
    private final List<RecordedStep.Event> events = new ArrayList<>();
    private List<List<Launch>> parts = List.of();

    @Override
    public String name() {
        return cpu.name();
    }

    @Override
    public List<Plan> compileTogether(List<List<Launch>> parts) {
        this.parts = parts;
        events.clear();
        List<Plan> plans = cpu.compileTogether(parts), recording = new ArrayList<>();
        for (int part = 0; part < parts.size(); part++) recording.add(recording(part, plans.get(part)));
        return recording;
    }

    private Plan recording(int part, Plan plan) {
        return new Plan() {
            @Override
            public void run() {
                events.add(new RecordedStep.Run(part));
                plan.run();
            }

            @Override
            public void read(Object array) {
                events.add(new RecordedStep.Read(part, array));
            }

            @Override
            public void wrote(Object array) {
                events.add(new RecordedStep.Wrote(part, array));
            }
        };
    }

    /** The last whole step: what came after the last but one run of the part that ran last. */
    public RecordedStep lastStep() {
        int end = events.size() - 1;
        while (!(events.get(end) instanceof RecordedStep.Run)) end--;
        int start = end - 1;
        while (!events.get(start).equals(events.get(end))) start--;
        return new RecordedStep(parts, List.copyOf(events.subList(start + 1, end + 1)));
    }

    @Override
    public void host(int extent, int grain, Launch.Slice body) {
        cpu.host(extent, grain, body);
    }

    @Override
    public void close() {
        cpu.close();
    }
}
