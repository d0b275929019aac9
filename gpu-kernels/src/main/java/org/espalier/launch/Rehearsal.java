package org.espalier.launch;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares what a device makes of a kernel with what the CPU makes of it: on the arguments of its first launch, which hold what the
 * launches before have computed. Where several kernels compute the same, each is compared, and the fastest is chosen for launches of
 * about that size. Afterwards all arrays are as they were.
 */
final class Rehearsal {
    /** Sums are added in another order, and a device's exponentials differ in their last bits. */
    private static final float RELATIVE = 2e-4f;

    private final Set<String> compared = new TreeSet<>();
    private final String device;
    private final Stage stage;
    private final Choices choices;

    /** Where kernels are tried. */
    @FunctionalInterface
    interface Stage {
        /** Runs launches there, from the host's arrays and back into them; the nanoseconds they took if {@code timed}, or −1. */
        long run(List<Launch> launches, boolean timed);
    }

    Rehearsal(String device, Choices choices, Stage stage) {
        this.device = device;
        this.stage = stage;
        this.choices = choices;
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
                if (choices.open(launch)) choose(launch);
                else launch.host().run(0, launch.extent());
            }
        } finally {
            before.forEach((array, values) -> restore(values, array));
        }
    }

    /** The portable kernels that were compared so far, or their twins. */
    Set<String> compared() {
        return Set.copyOf(compared);
    }

    Choices choices() {
        return choices;
    }

    /** The number of the last launch of which nothing is known yet, −1 if all are. */
    private int last(List<Launch> launches) {
        Set<Object> seen = new HashSet<>();
        int last = -1;
        for (int i = 0; i < launches.size(); i++) {
            Launch launch = launches.get(i);
            if (choices.open(launch) && seen.add(choices.key(launch))) last = i;
        }
        return last;
    }

    private void choose(Launch launch) {
        List<Object> arrays = launch.writes();
        List<Object> before = arrays.stream().map(Rehearsal::copy).toList();
        launch.host().run(0, launch.extent());
        List<Object> here = arrays.stream().map(Rehearsal::copy).toList();
        List<Form> forms = choices.forms(launch);
        List<Long> times = new ArrayList<>();
        for (Form form : forms) {
            for (int i = 0; i < arrays.size(); i++) restore(before.get(i), arrays.get(i));
            times.add(stage.run(form.launches(), forms.size() > 1));
            for (int i = 0; i < arrays.size(); i++) compare(launch.name(), form.name(), here.get(i), arrays.get(i));
        }
        for (int i = 0; i < arrays.size(); i++) restore(here.get(i), arrays.get(i));
        choices.choose(launch, forms, times);
        compared.add(launch.kernel().toString());
    }

    private void compare(String launch, String kernel, Object here, Object there) {
        if (here instanceof int[] a) {
            int[] b = (int[]) there;
            for (int i = 0; i < a.length; i++) if (a[i] != b[i]) throw differs(launch, kernel, i, a[i], b[i]);
            return;
        }
        float[] a = (float[]) here, b = (float[]) there;
        float top = 0;
        for (float v : a) if (Float.isFinite(v)) top = Math.max(top, Math.abs(v));
        for (int i = 0; i < a.length; i++) {
            boolean same = Math.abs(a[i] - b[i]) <= RELATIVE * top || Float.compare(a[i], b[i]) == 0;
            if (!same) throw differs(launch, kernel, i, a[i], b[i]);
        }
    }

    private DeviceException differs(String launch, String kernel, int at, float here, float there) {
        return new DeviceException(String.format(
                Locale.ROOT,
                "%s computes something else than the CPU with the kernel %s: entry %d of its output in \"%s\" is %s there and %s here",
                device,
                kernel,
                at,
                launch,
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
