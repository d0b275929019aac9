package org.espalier.launch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Compares what a device makes of a kernel with what the CPU makes of it, once for each kernel: on the arguments of its first launch,
 * which hold what the launches before have computed. Afterwards all arrays are as they were.
 */
final class Rehearsal {
    /** Sums are added in another order, and a device's exponentials differ in their last bits. */
    private static final float RELATIVE = 2e-4f;

    private final Set<KernelMethod> known = new HashSet<>();
    private final String device;
    private final Consumer<Launch> onDevice;

    /** @param onDevice runs one launch on the device, from the host's arrays and back into them */
    Rehearsal(String device, Consumer<Launch> onDevice) {
        this.device = device;
        this.onDevice = onDevice;
    }

    /**
     * @param launches in the order in which they will run
     * @throws DeviceException if a kernel cannot be run there or gives other values
     */
    void check(List<Launch> launches) {
        int last = last(launches);
        if (last < 0) return;
        Map<Object, Object> before = new IdentityHashMap<>();
        List<Launch> needed = launches.subList(0, last + 1);
        for (Launch launch : needed)
            for (Object array : launch.writes()) before.computeIfAbsent(array, Rehearsal::copy);
        try {
            for (Launch launch : needed) {
                if (known.contains(launch.kernel())) launch.host().run(0, launch.extent());
                else compare(launch);
            }
        } finally {
            before.forEach((array, values) -> restore(values, array));
        }
    }

    /** The kernels that were compared so far. */
    Set<String> compared() {
        Set<String> names = new TreeSet<>();
        for (KernelMethod kernel : known) names.add(kernel.toString());
        return names;
    }

    /** The number of the last launch whose kernel was not compared yet, −1 if all were. */
    private int last(Collection<Launch> launches) {
        Set<KernelMethod> seen = new HashSet<>(known);
        int number = 0, last = -1;
        for (Launch launch : launches) {
            if (seen.add(launch.kernel())) last = number;
            number++;
        }
        return last;
    }

    private void compare(Launch launch) {
        List<Object> arrays = launch.writes();
        List<Object> before = new ArrayList<>();
        for (Object array : arrays) before.add(copy(array));
        onDevice.accept(launch);
        List<Object> there = new ArrayList<>();
        for (Object array : arrays) there.add(copy(array));
        for (int i = 0; i < arrays.size(); i++) restore(before.get(i), arrays.get(i));
        launch.host().run(0, launch.extent());
        for (int i = 0; i < arrays.size(); i++) compare(launch, arrays.get(i), there.get(i));
        known.add(launch.kernel());
    }

    private void compare(Launch launch, Object here, Object there) {
        if (here instanceof int[] a) {
            int[] b = (int[]) there;
            for (int i = 0; i < a.length; i++) if (a[i] != b[i]) throw differs(launch, i, a[i], b[i]);
            return;
        }
        float[] a = (float[]) here, b = (float[]) there;
        float top = 0;
        for (float v : a) if (Float.isFinite(v)) top = Math.max(top, Math.abs(v));
        for (int i = 0; i < a.length; i++) {
            boolean same = Math.abs(a[i] - b[i]) <= RELATIVE * top || Float.compare(a[i], b[i]) == 0;
            if (!same) throw differs(launch, i, a[i], b[i]);
        }
    }

    private DeviceException differs(Launch launch, int at, float here, float there) {
        return new DeviceException(String.format(
                Locale.ROOT,
                "%s computes something else than the CPU with the kernel %s: entry %d of its output in \"%s\" is %s there and %s here",
                device,
                launch.kernel(),
                at,
                launch.name(),
                there,
                here));
    }

    static Object copy(Object array) {
        return array instanceof float[] f ? f.clone() : ((int[]) array).clone();
    }

    @SuppressWarnings("SuspiciousSystemArraycopy")
    static void restore(Object from, Object to) {
        System.arraycopy(from, 0, to, 0, java.lang.reflect.Array.getLength(to));
    }
}
