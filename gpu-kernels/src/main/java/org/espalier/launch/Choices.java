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
    private final GroupLimits limits;
    private ChoiceFile file;

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
    private record Key(KernelMethod kernel, List<Integer> bits) {
        /** For example {@code MatMul.nt [6, 9, 10, 1]}. */
        @Override
        public String toString() {
            return kernel + " " + bits;
        }
    }

    /** @param limits twins whose groups do not fit into these do not come into question */
    Choices(Use use, GroupLimits limits) {
        this.use = use;
        this.limits = limits;
    }

    /** Takes over choices from {@code known}, and writes new ones there. */
    void remember(ChoiceFile known) {
        file = known;
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
    List<Form> forms(Launch launch) {
        List<Form> forms = new ArrayList<>();
        if (use != Use.PORTABLE)
            for (Twin twin : Twins.of(launch.kernel()))
                if (limits.hold(twin)) twin.of(launch).ifPresent(forms::add);
        if (use == Use.TUNED && !forms.isEmpty()) return forms.subList(0, 1);
        forms.addFirst(new Form(launch.kernel().toString(), List.of(launch)));
        String known = file == null || use != Use.MEASURED
                ? null
                : file.used(key(launch).toString());
        for (Form form : forms) if (form.name().equals(known)) return List.of(form);
        return forms;
    }

    boolean open(Launch launch) {
        return !used.containsKey(key(launch));
    }

    /** @param nanoseconds of each of the launch's forms, in their order; negative: not measured */
    void choose(Launch launch, List<Form> forms, List<Long> nanoseconds) {
        int best = 0;
        Map<String, Long> times = new LinkedHashMap<>();
        for (int i = 0; i < forms.size(); i++) {
            if (nanoseconds.get(i) < nanoseconds.get(best)) best = i;
            if (nanoseconds.get(i) >= 0) times.put(forms.get(i).name(), nanoseconds.get(i));
        }
        String name = forms.get(best).name();
        used.put(key(launch), name);
        if (Twins.of(launch.kernel()).isEmpty()) return;
        made.add(new Choice(launch.kernel().toString(), sizes(launch), times, name));
        if (file != null && !times.isEmpty()) file.add(key(launch).toString(), made.getLast());
    }

    /** What stands for the launch as it was chosen; itself, if nothing was. */
    List<Launch> chosen(Launch launch) {
        String name = used.get(key(launch));
        for (Form form : forms(launch)) if (form.name().equals(name)) return form.launches();
        return List.of(launch);
    }

    /** In the order in which they were made. */
    List<Choice> made() {
        return List.copyOf(made);
    }

    /** Extent and whole numbers; of kernels that have none, the lengths of their arrays. */
    static List<Integer> sizes(Launch launch) {
        List<Integer> sizes = new ArrayList<>(List.of(launch.extent()));
        List<Object> arguments =
                launch.arguments().subList(0, launch.arguments().size() - 2);
        for (Object argument : arguments) if (argument instanceof Integer size) sizes.add(size);
        if (sizes.size() == 1)
            for (Object argument : arguments)
                if (argument instanceof float[] array && !sizes.contains(array.length)) sizes.add(array.length);
        return sizes;
    }
}
