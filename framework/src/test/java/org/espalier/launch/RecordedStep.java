package org.espalier.launch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** What one step of a training has plans do: its launches, and between them what the host wrote and read. */
public record RecordedStep(List<List<Launch>> parts, List<Event> events) {
    /** Something that happens to a plan or to an array of its. */
    public sealed interface Event {}

    /** Runs a part's launches. */
    public record Run(int part) implements Event {}

    /** The host has written an array that a part uses. */
    public record Wrote(int part, Object array) implements Event {}

    /** The host looks at an array. */
    public record Read(int part, Object array) implements Event {}

    /** All launches of a step. */
    public List<Launch> launches() {
        List<Launch> launches = new ArrayList<>();
        for (Event event : events)
            if (event instanceof Run(int part))
                parts.get(part).stream().filter(l -> l.extent() > 0).forEach(launches::add);
        return launches;
    }

    /** The arrays that the host writes before runs, by part. */
    List<Set<Object>> fed() {
        List<Set<Object>> fed = new ArrayList<>();
        parts.forEach(_ -> fed.add(SeparateMemory.identitySet()));
        for (Event event : events)
            if (event instanceof Wrote(int part, Object array)) fed.get(part).add(array);
        return fed;
    }

    /** Does the step with plans of its parts. */
    public void replay(List<Plan> plans) {
        for (Event event : events)
            switch (event) {
                case Run(int part) -> plans.get(part).run();
                case Wrote(int part, Object array) -> plans.get(part).wrote(array);
                case Read(int part, Object array) -> plans.get(part).read(array);
            }
    }

    /** Bytes of arrays, each counted once. */
    public static long bytes(Collection<Object> arrays) {
        long bytes = 0;
        for (Object array : arrays) bytes += 4L * java.lang.reflect.Array.getLength(array);
        return bytes;
    }

    /** Bytes of the arrays that a launch touches, each counted once. */
    public static long bytes(Launch launch) {
        return bytes(SeparateMemory.arrays(List.of(launch)));
    }
}
