package org.espalier.launch;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A device whose memory is not the host's. Here stands what has to be copied when; how, is left to the kind of device. Before a plan
 * runs, arrays of which the host or another plan has something newer are uploaded; afterwards those that its kernels write are newest
 * on the device, until somebody asks for them.
 */
abstract class SeparateMemory implements Device {
    private static final int TRIES = 25;

    private final Map<Reference<?>, Memory> open = new HashMap<>();
    private final ReferenceQueue<Group> dropped = new ReferenceQueue<>();

    /** Copies of the arrays of some launches in the device's memory, and the launches themselves, ready to run there. */
    interface Memory extends AutoCloseable {
        /**
         * What an upload of {@code stale} takes along: these, and others that the device can only upload together with them.
         *
         * @param fed what the host has said it writes before each run
         */
        Collection<Object> together(Set<Object> stale, List<Set<Object>> fed);

        void upload(Collection<Object> arrays);

        /** What the copies take. */
        long bytes();

        /** Runs the launches of one part on the device's copies. */
        void run(int part);

        void download(Object array);

        @Override
        void close();
    }

    /** Prepares launches, whose parts will be run one by one, in any order, on the same copies. */
    abstract Memory prepare(List<List<Launch>> parts);

    @Override
    public final List<Plan> compileTogether(List<List<Launch>> parts) {
        closeDropped();
        List<List<Launch>> nonempty = parts.stream()
                .map(part -> part.stream().filter(l -> l.extent() > 0).toList())
                .toList();
        Group group = group(nonempty);
        List<Plan> plans = new ArrayList<>();
        for (int part = 0; part < parts.size(); part++) plans.add(group.plan(part));
        return plans;
    }

    private Group group(List<List<Launch>> parts) {
        Memory memory = prepare(parts);
        Group group = new Group(memory, parts);
        open.put(new PhantomReference<>(group, dropped), memory);
        return group;
    }

    /** Bytes of copies that are there, those of dropped plans included that were not freed yet. */
    long held() {
        return open.values().stream().mapToLong(Memory::bytes).sum();
    }

    /**
     * Frees what belongs to dropped plans until there is room for another.
     *
     * @param needed bytes of the other
     * @param all that the device has
     * @throws DeviceException if there is not, whatever is freed
     */
    final void makeRoom(long needed, long all, String name) {
        for (int tries = 0; held() + needed > all && tries < TRIES; tries++) {
            System.gc();
            pause();
            closeDropped();
        }
        if (held() + needed > all)
            throw new DeviceException(String.format(
                    Locale.ROOT,
                    "%s has %.1f MB of memory, of which plans in use hold %.1f MB: there is no room for one of %.1f MB",
                    name,
                    all / 1e6,
                    held() / 1e6,
                    needed / 1e6));
    }

    /** The collector says after a while what it has found. */
    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Frees what belongs to plans that nobody holds any more: here, because a driver may insist on one thread. */
    private void closeDropped() {
        for (Reference<?> gone = dropped.poll(); gone != null; gone = dropped.poll())
            open.remove(gone).close();
    }

    @Override
    public void close() {
        open.values().forEach(Memory::close);
        open.clear();
    }

    /** All arrays that launches touch, each once. */
    static Set<Object> arrays(Collection<Launch> launches) {
        Set<Object> arrays = identitySet();
        for (Launch launch : launches)
            for (Object argument : launch.arguments())
                if (argument instanceof float[] || argument instanceof int[]) arrays.add(argument);
        return arrays;
    }

    /** Bytes of an array's entries. */
    static long bytes(Object array) {
        return 4L * java.lang.reflect.Array.getLength(array);
    }

    static Set<Object> identitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    /** Plans that share their copies. */
    private static final class Group implements Residency.Holder {
        private final Memory memory;
        private final List<Set<Object>> used = new ArrayList<>();
        private final List<Set<Object>> written = new ArrayList<>();
        private final List<Set<Object>> fed = new ArrayList<>();
        private final Map<Object, Residency.Entry> entries = new IdentityHashMap<>();
        private final Map<Object, Long> seen = new IdentityHashMap<>();
        private boolean begun;

        Group(Memory memory, List<List<Launch>> parts) {
            this.memory = memory;
            for (List<Launch> part : parts) {
                Set<Object> arrays = arrays(part);
                used.add(arrays);
                Set<Object> outputs = identitySet();
                for (Launch launch : part) outputs.addAll(launch.writes());
                written.add(outputs);
                fed.add(identitySet());
                for (Object array : arrays) entries.put(array, Residency.entry(array));
            }
        }

        Plan plan(int part) {
            return new Plan() {
                @Override
                public void run() {
                    Group.this.run(part);
                }

                @Override
                public void read(Object array) {
                    Residency.read(array);
                }

                @Override
                public void wrote(Object array) {
                    if (!begun && used.get(part).contains(array)) fed.get(part).add(array);
                    Residency.wrote(array);
                }
            };
        }

        private void run(int part) {
            Set<Object> stale = identitySet();
            for (Object array : begun ? used.get(part) : entries.keySet())
                if (seen.getOrDefault(array, 0L) != entries.get(array).version()) stale.add(array);
            begun = true;
            if (!stale.isEmpty()) upload(memory.together(stale, fed));
            memory.run(part);
            for (Object array : written.get(part)) {
                Residency.wrote(array, this);
                seen.put(array, entries.get(array).version());
            }
        }

        private void upload(Collection<Object> arrays) {
            for (Object array : arrays) Residency.read(array);
            memory.upload(arrays);
            for (Object array : arrays) seen.put(array, entries.get(array).version());
        }

        @Override
        public void download(Object array) {
            memory.download(array);
        }
    }
}
