package org.espalier.launch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares what a device makes of a kernel with what the CPU makes of it: on the arguments of its first launches of different sizes,
 * which hold what the launches before have computed. A device's compiler takes sizes for constants, so one may be right and another wrong.
 * Where several kernels compute the same, each is compared, and the fastest is chosen for launches of about that size. Afterwards all
 * arrays are as they were.
 */
final class Rehearsal {
    /** A device's exponentials differ in their last bits: how far an entry may be off, relative to itself. */
    private static final float RELATIVE = 2e-4f;

    /** Sums are added in another order, and their terms may be larger than they are: relative to the largest entry. */
    private static final float OF_LARGEST = 4e-5f;

    /** Sizes at which a kernel is compared at most, besides those at which it is chosen. */
    private static final int MOST_SIZES = 4;

    private final Map<KernelMethod, Set<List<Integer>>> sizes = new HashMap<>();

    private final Set<String> compared = new TreeSet<>();
    private final String device;
    private final Stage stage;
    private final Choices choices;
    private float worst;

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
                else if (fresh(launch, sizes))
                    compare(launch, List.of(new Form(launch.kernel().toString(), choices.chosen(launch))));
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

    /** The largest difference so far, relative to what is allowed. */
    float worst() {
        return worst;
    }

    Choices choices() {
        return choices;
    }

    /** The number of the last launch that has to be compared, −1 if none has. */
    private int last(List<Launch> launches) {
        Set<Object> seen = new HashSet<>();
        Map<KernelMethod, Set<List<Integer>>> known = new HashMap<>();
        sizes.forEach((kernel, of) -> known.put(kernel, new HashSet<>(of)));
        int last = -1;
        for (int i = 0; i < launches.size(); i++) {
            Launch launch = launches.get(i);
            boolean open = choices.open(launch) && seen.add(choices.key(launch));
            if (!open && !fresh(launch, known)) continue;
            known.computeIfAbsent(launch.kernel(), _ -> new HashSet<>()).add(Choices.sizes(launch));
            last = i;
        }
        return last;
    }

    /** Whether the launch has sizes that its kernel was not compared at, and was not at many. */
    private static boolean fresh(Launch launch, Map<KernelMethod, Set<List<Integer>>> known) {
        Set<List<Integer>> of = known.getOrDefault(launch.kernel(), Set.of());
        return of.size() < MOST_SIZES && !of.contains(Choices.sizes(launch));
    }

    private void choose(Launch launch) {
        List<Form> forms = choices.forms(launch);
        choices.choose(launch, forms, compare(launch, forms));
        compared.add(launch.kernel().toString());
    }

    /** @return the nanoseconds that the forms took; −1 where only one is compared */
    private List<Long> compare(Launch launch, List<Form> forms) {
        List<Object> arrays = launch.writes();
        List<Object> before = arrays.stream().map(Rehearsal::copy).toList();
        launch.host().run(0, launch.extent());
        List<Object> here = arrays.stream().map(Rehearsal::copy).toList();
        List<Long> times = new ArrayList<>();
        for (Form form : forms) {
            for (int i = 0; i < arrays.size(); i++) restore(before.get(i), arrays.get(i));
            times.add(stage.run(form.launches(), forms.size() > 1));
            for (int i = 0; i < arrays.size(); i++) compare(launch.name(), form.name(), here.get(i), arrays.get(i));
        }
        for (int i = 0; i < arrays.size(); i++) restore(here.get(i), arrays.get(i));
        sizes.computeIfAbsent(launch.kernel(), _ -> new HashSet<>()).add(Choices.sizes(launch));
        return times;
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
            if (Float.compare(a[i], b[i]) == 0 || a[i] == b[i]) continue;
            float apart = Math.abs(a[i] - b[i]) / (RELATIVE * Math.abs(a[i]) + OF_LARGEST * top);
            if (!(apart <= 1)) throw differs(launch, kernel, i, a[i], b[i]);
            worst = Math.max(worst, apart);
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
