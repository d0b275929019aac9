package org.espalier.launch;

import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs on the CPU what a device with a memory of its own would run: kernels see copies, which are brought up to date only where the
 * framework says so. Who reads an array without asking for it finds it as it was before; who writes one without saying so is not
 * heard.
 */
public final class ApartDevice extends SeparateMemory {
    private final CpuDevice cpu = new CpuDevice(1);
    private final String arithmetic;
    private long room = Long.MAX_VALUE;
    private boolean collecting;
    private long uploaded;
    private long downloaded;

    public ApartDevice() {
        this(CPU);
    }

    /** A device of {@code room} bytes of memory. */
    public static ApartDevice of(long room) {
        ApartDevice device = new ApartDevice();
        device.room = room;
        return device;
    }

    /** A device that has plans collected, and what only they know lost, as soon as nobody holds them and another is made. */
    public static ApartDevice collecting() {
        ApartDevice device = new ApartDevice();
        device.collecting = true;
        return device;
    }

    /** @param arithmetic what the device says of its arithmetic, whose bits are the CPU's */
    public ApartDevice(String arithmetic) {
        this.arithmetic = arithmetic;
    }

    @Override
    public String arithmetic() {
        return arithmetic;
    }

    @Override
    public String name() {
        return "apart";
    }

    /** Bytes that went to the device so far. */
    public long uploaded() {
        return uploaded;
    }

    /** Bytes that came back so far. */
    public long downloaded() {
        return downloaded;
    }

    @Override
    Memory prepare(List<List<Launch>> parts) {
        if (collecting) System.gc();
        makeRoom(
                arrays(parts.stream().flatMap(List::stream).toList()).stream()
                        .mapToLong(SeparateMemory::bytes)
                        .sum(),
                room,
                name());
        return new Copies(parts);
    }

    @Override
    public void host(int extent, int grain, Launch.Slice body) {
        cpu.host(extent, grain, body);
    }

    @Override
    public void close() {
        super.close();
        cpu.close();
    }

    private final class Copies implements Memory {
        private final List<Plan> plans;
        private final List<Set<Object>> used;
        private final Map<Object, Object> copies = new IdentityHashMap<>();

        Copies(List<List<Launch>> parts) {
            plans = cpu.compileTogether(parts);
            used = parts.stream().map(SeparateMemory::arrays).toList();
        }

        @Override
        public Collection<Object> together(Set<Object> stale, List<Set<Object>> fed) {
            return stale;
        }

        @Override
        public void upload(Collection<Object> arrays) {
            for (Object array : arrays) {
                copies.put(array, copy(array));
                uploaded += SeparateMemory.bytes(array);
            }
        }

        /** The kernels are bound to the host's arrays, so the copies take their place for as long as they run. */
        @Override
        public void run(int part) {
            Map<Object, Object> host = new IdentityHashMap<>();
            for (Object array : used.get(part)) {
                host.put(array, copy(array));
                put(copies.get(array), array);
            }
            plans.get(part).run();
            for (Object array : used.get(part)) {
                copies.put(array, copy(array));
                put(host.get(array), array);
            }
        }

        @Override
        public void download(Object array) {
            put(copies.get(array), array);
            downloaded += SeparateMemory.bytes(array);
        }

        @Override
        public long bytes() {
            return used.stream()
                    .flatMap(Set::stream)
                    .distinct()
                    .mapToLong(SeparateMemory::bytes)
                    .sum();
        }

        @Override
        public void close() {
            copies.clear();
        }
    }

    private static Object copy(Object array) {
        return array instanceof float[] f ? f.clone() : ((int[]) array).clone();
    }

    private static void put(Object from, Object into) {
        if (into instanceof float[] f) System.arraycopy((float[]) from, 0, f, 0, f.length);
        else System.arraycopy((int[]) from, 0, (int[]) into, 0, ((int[]) into).length);
    }
}
