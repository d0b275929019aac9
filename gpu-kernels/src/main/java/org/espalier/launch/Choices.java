package org.espalier.launch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * For each kernel and class of sizes what a device runs: the portable kernel or a tuned twin, whichever was faster on the first launch,
 * or the one that the system property {@code espalier.twins} asks for.
 */
final class Choices {
    private final Map<Object, String> used = new HashMap<>();
    private final List<Choice> made = new ArrayList<>();
    private final Use use;

    /** Which kernels come into question. */
    enum Use {
        /** The fastest. */
        MEASURED,
        PORTABLE,
        /** The first twin that suits, and the portable kernel where there is none. */
        TUNED;

        /** As the system property says; without one the fastest. */
        static Use asked() {
            String name = System.getProperty("espalier.twins", "measured");
            try {
                return valueOf(name.toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw new DeviceException("espalier.twins is measured, portable or tuned, not " + name);
            }
        }
    }

    /** Launches with as many bits in each of their sizes are told apart by nothing. */
    private record Key(KernelMethod kernel, List<Integer> bits) {}

    Choices(Use use) {
        this.use = use;
    }

    /** What distinguishes launches of which each has to be tried on its own: the kernel, and where it has twins, its sizes. */
    Object key(Launch launch) {
        KernelMethod kernel = launch.kernel();
        if (use == Use.PORTABLE || Twins.of(kernel).isEmpty()) return kernel;
        return new Key(
                kernel,
                sizes(launch).stream()
                        .map(size -> Integer.SIZE - Integer.numberOfLeadingZeros(size))
                        .toList());
    }

    /** The ways to run {@code launch} among which is to be chosen: at least one. */
    List<Launch> forms(Launch launch) {
        List<Launch> twins = new ArrayList<>();
        if (use != Use.PORTABLE)
            for (Twin twin : Twins.of(launch.kernel())) twin.of(launch).ifPresent(twins::add);
        if (use == Use.TUNED && !twins.isEmpty()) return twins.subList(0, 1);
        twins.addFirst(launch);
        return twins;
    }

    boolean open(Launch launch) {
        return !used.containsKey(key(launch));
    }

    /** @param nanoseconds of each of the launch's forms, in their order; negative: not measured */
    void choose(Launch launch, List<Launch> forms, List<Long> nanoseconds) {
        int best = 0;
        Map<String, Long> times = new LinkedHashMap<>();
        for (int i = 0; i < forms.size(); i++) {
            if (nanoseconds.get(i) < nanoseconds.get(best)) best = i;
            if (nanoseconds.get(i) >= 0) times.put(forms.get(i).kernel().toString(), nanoseconds.get(i));
        }
        String name = forms.get(best).kernel().toString();
        used.put(key(launch), name);
        if (!Twins.of(launch.kernel()).isEmpty())
            made.add(new Choice(launch.kernel().toString(), sizes(launch), times, name));
    }

    /** The launch as it was chosen; as it is, if nothing was. */
    Launch chosen(Launch launch) {
        String name = used.get(key(launch));
        for (Launch form : forms(launch)) if (form.kernel().toString().equals(name)) return form;
        return launch;
    }

    /** In the order in which they were made. */
    List<Choice> made() {
        return List.copyOf(made);
    }

    private static List<Integer> sizes(Launch launch) {
        List<Integer> sizes = new ArrayList<>(List.of(launch.extent()));
        List<Object> arguments = launch.arguments();
        for (Object argument : arguments.subList(0, arguments.size() - 2))
            if (argument instanceof Integer size) sizes.add(size);
        return sizes;
    }
}
