package org.espalier.launch;

import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TaskPackage;

/**
 * Tuned kernels that together compute on a device what a portable one does.
 *
 * @param portable the kernel beside which they stand
 * @param parts run one after the other
 */
record Twin(KernelMethod portable, List<Part> parts) {
    private static final KernelContext CONTEXT = new KernelContext();

    /** From a launch's own arguments and extent to the number of groups; 0: the kernel does not suit them. */
    @FunctionalInterface
    interface Shape {
        int groups(Own own, int extent);
    }

    /** The own arguments of a launch. */
    record Own(List<Object> values) {
        int number(int at) {
            return (Integer) values.get(at);
        }

        int[] numbers(int at) {
            return (int[]) values.get(at);
        }
    }

    /**
     * A tuned kernel.
     *
     * @param kernel takes the portable one's arguments
     * @param items work items of a group
     * @param shape how many groups some arguments take
     */
    record Part(Tuned kernel, int items, Shape shape) {
        private Optional<Launch> of(Launch launch) {
            List<Object> arguments = launch.arguments();
            Own own = new Own(arguments.subList(0, arguments.size() - 2));
            int groups = shape.groups(own, launch.extent());
            if (groups == 0 || (long) groups * items > Integer.MAX_VALUE) return Optional.empty();
            Object[] all = Stream.of(Stream.of(CONTEXT), own.values().stream(), Stream.of(launch.extent()))
                    .flatMap(Function.identity())
                    .toArray();
            return Optional.of(launch.onDevice(id -> task(id, kernel, all), new WorkGroups(groups, items)));
        }
    }

    /** For example {@code TiledMatMul.nt}. */
    String name() {
        return parts.stream()
                .map(part -> KernelMethod.of(part.kernel()).toString())
                .collect(Collectors.joining(" + "));
    }

    /** The launch with these kernels; nothing if they do not suit it. */
    Optional<Form> of(Launch launch) {
        List<Launch> launches = new ArrayList<>();
        for (Part part : parts) part.of(launch).ifPresent(launches::add);
        return launches.size() < parts.size() ? Optional.empty() : Optional.of(new Form(name(), launches));
    }

    /** TornadoVM has a constructor for each number of arguments. */
    private static TaskPackage task(String id, Tuned kernel, Object[] arguments) {
        Constructor<?> constructor = Arrays.stream(TaskPackage.class.getConstructors())
                .filter(c -> c.getParameterCount() == arguments.length + 2)
                .findFirst()
                .orElseThrow();
        Object[] all = new Object[arguments.length + 2];
        all[0] = id;
        all[1] = kernel;
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        try {
            return (TaskPackage) constructor.newInstance(all);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("TornadoVM takes no task of " + arguments.length + " arguments", e);
        }
    }
}
