package org.espalier.launch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import uk.ac.manchester.tornado.api.TornadoBackend;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/**
 * Runs launches as TornadoVM's task graphs on a GPU or whatever else its drivers offer. The classes that do so come from an SDK of
 * TornadoVM, which the virtual machine has to be started with; without one there are no devices of this kind.
 */
public final class TornadoDevice extends SeparateMemory {
    private static final Pattern NAME = Pattern.compile("gpu(?::(\\d{1,3}))?");
    private static final int BYTECODE = 1 << 20;

    /** A device that TornadoVM offers. */
    public record Offer(String name, String backend, String driver, String device, String kind, long memory) {}

    private final uk.ac.manchester.tornado.api.common.TornadoDevice device;
    private final String name;
    private final Rehearsal rehearsal;
    private final Workers workers;

    private TornadoDevice(String name, uk.ac.manchester.tornado.api.common.TornadoDevice device, int threads) {
        this.name = name;
        this.device = device;
        this.rehearsal = rehearsal();
        this.workers = new Workers(threads);
    }

    /** Whether {@code name} is what a device of this kind would be called: {@code gpu}, {@code gpu:1} … */
    public static boolean names(String name) {
        return NAME.matcher(name).matches();
    }

    /** Whether the virtual machine was started with an SDK of TornadoVM. */
    public static boolean hasSdk() {
        return System.getProperty("tornado.load.runtime.implementation") != null;
    }

    /**
     * @param name {@code gpu} for the first device, {@code gpu:1} for the second …
     * @param threads CPU threads, for what the host has to do
     * @throws DeviceException if there is no SDK or no such device
     */
    public static TornadoDevice open(String name, int threads) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) throw new DeviceException("there is no device " + name + "; a GPU is gpu, gpu:1, …");
        int number = matcher.group(1) == null ? 0 : Integer.parseInt(matcher.group(1));
        var found = found();
        if (number >= found.size())
            throw new DeviceException("there is no device " + name + ": TornadoVM offers "
                    + (found.isEmpty() ? "none" : "gpu:0 to gpu:" + (found.size() - 1)));
        return new TornadoDevice(name, found.get(number), threads);
    }

    /**
     * The devices that TornadoVM's drivers offer, in their order.
     *
     * @throws DeviceException if there is no SDK, or its drivers do not start
     */
    public static List<Offer> offers() {
        List<Offer> offers = new ArrayList<>();
        for (var device : found())
            offers.add(new Offer(
                    "gpu:" + offers.size(),
                    device.getTornadoVMBackend().toString(),
                    device.getPlatformName(),
                    device.getPhysicalDevice().getDeviceName(),
                    String.valueOf(device.getDeviceType()),
                    device.getMaxGlobalMemory()));
        return offers;
    }

    private static List<uk.ac.manchester.tornado.api.common.TornadoDevice> found() {
        if (!hasSdk())
            throw new DeviceException("a GPU needs an SDK of TornadoVM for JDK 25: install one"
                    + " (sdk install tornadovm), set TORNADOVM_HOME to its folder, and run this again");
        // Read once, when TornadoVM's classes are loaded: a kernel that cannot be compiled must not run on the host in
        // silence,
        // and a graph of 256 tasks has a longer program than its default leaves room for.
        System.setProperty("tornado.recover.bailout", "False");
        System.setProperty(
                "tornado.device.memory", "1048576GB"); // it would stop at 4 GB; what a device has is counted here
        System.setProperty("tornado.tvm.maxbytecodesize", String.valueOf(BYTECODE));
        // Tuned kernels share helpers that are larger than what it inlines of itself.
        System.setProperty("tornado.compiler.fullInlining", "True");
        List<uk.ac.manchester.tornado.api.common.TornadoDevice> devices = new ArrayList<>();
        try {
            var runtime = TornadoRuntimeProvider.getTornadoRuntime();
            for (int b = 0; b < runtime.getNumBackends(); b++) {
                TornadoBackend backend = runtime.getBackend(b);
                for (int d = 0; d < backend.getNumDevices(); d++) devices.add(backend.getDevice(d));
            }
        } catch (RuntimeException | LinkageError e) {
            throw new DeviceException("TornadoVM's drivers do not start: " + e, e);
        }
        return devices;
    }

    /** What compares kernels there with the CPU's, from scratch. */
    Rehearsal rehearsal() {
        return rehearsal(Choices.Use.asked());
    }

    Rehearsal rehearsal(Choices.Use use) {
        Choices choices = new Choices(use, GroupLimits.of(device));
        return new Rehearsal(device.getPhysicalDevice().getDeviceName(), choices, this::alone);
    }

    /** What was chosen so far among kernels that compute the same, in the order in which plans brought them. */
    public List<Choice> choices() {
        return rehearsal.choices().made();
    }

    /**
     * Has choices last longer than this process: those that {@code file} names hold without measuring, and new ones are added to it. To be
     * said before the first plan.
     */
    public void rememberChoices(Path file) {
        rehearsal.choices().remember(new ChoiceFile(file));
    }

    /** What it runs for a launch. */
    List<Launch> chosen(Launch launch) {
        return rehearsal.choices().chosen(launch);
    }

    @Override
    public String name() {
        return name;
    }

    /** Its own: sums are added in another order, and exponentials rounded otherwise. */
    @Override
    public String arithmetic() {
        return device.getPhysicalDevice().getDeviceName() + " by " + device.getTornadoVMBackend();
    }

    @Override
    TornadoMemory prepare(List<List<Launch>> parts) {
        Set<Object> arrays = arrays(parts.stream().flatMap(List::stream).toList());
        long needed = 0, most = device.getPhysicalDevice().getDeviceMaxAllocationSize();
        for (Object array : arrays) {
            if (bytes(array) > most)
                throw new DeviceException(String.format(
                        Locale.ROOT,
                        "%s takes arrays of up to %,d bytes, and a plan has one of %,d",
                        name,
                        most,
                        bytes(array)));
            needed += bytes(array);
        }
        makeRoom(needed, memory(), name);
        return new TornadoMemory(device, rehearsal, parts);
    }

    /** Bytes of memory that the device has. */
    public long memory() {
        return device.getMaxGlobalMemory();
    }

    long alone(List<Launch> launches, boolean timed) {
        try {
            return SoloRun.run(device, launches, timed);
        } catch (RuntimeException | Error e) { // TornadoVM's internal errors are errors
            throw new DeviceException(
                    device.getPhysicalDevice().getDeviceName() + " cannot run the kernel "
                            + launches.stream().map(l -> l.kernel().toString()).collect(Collectors.joining(" + "))
                            + ": "
                            + e.getMessage(),
                    e);
        }
    }

    @Override
    public void host(int extent, int grain, Launch.Slice body) {
        workers.run(extent, grain, body);
    }

    @Override
    public void close() {
        super.close();
        workers.close();
    }
}
