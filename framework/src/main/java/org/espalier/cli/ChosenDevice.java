package org.espalier.cli;

import java.util.Locale;
import java.util.OptionalLong;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Device;
import org.espalier.launch.DeviceException;
import org.espalier.launch.TornadoDevice;
import picocli.CommandLine.Option;

/** Where a command computes: what all that compute have in common. */
final class ChosenDevice {
    @Option(
            names = "--device",
            defaultValue = "cpu",
            paramLabel = "NAME",
            description = "Where to compute: cpu, gpu, gpu:1 …")
    private String name;

    @Option(names = "--threads", paramLabel = "N", description = "CPU threads; results do not depend on them.")
    private Integer threads;

    boolean isCpu() {
        return name.equals(Device.CPU);
    }

    /** As {@code --device} takes it, behind {@code prefix}; nothing for the CPU. */
    String words(String prefix) {
        return isCpu() ? "" : prefix + name;
    }

    /**
     * What is to be known of a device before it computes.
     *
     * @param arithmetic what its results are known by
     * @param memory bytes, where it has a memory of its own
     */
    record Facts(String arithmetic, OptionalLong memory) {
        /** Whether a plan of {@code needed} bytes, the data among them, has room in {@code bytes}. */
        String on(long bytes, long needed) {
            return String.format(
                    Locale.ROOT,
                    "all but the data also on %s, which has %.0f MB%s",
                    arithmetic,
                    bytes / 1e6,
                    needed > bytes ? ": that may not be enough, and the run would be refused" : "");
        }
    }

    Facts facts() {
        if (isCpu()) return new Facts(Device.CPU, OptionalLong.empty());
        try (Device device = open()) {
            OptionalLong memory =
                    device instanceof TornadoDevice gpu ? OptionalLong.of(gpu.memory()) : OptionalLong.empty();
            return new Facts(device.arithmetic(), memory);
        }
    }

    String arithmetic() {
        return facts().arithmetic();
    }

    Device open() {
        if (isCpu()) return threads == null ? CpuDevice.ofThisMachine() : new CpuDevice(threads);
        if (!TornadoDevice.names(name))
            throw new Refusal("there is no device " + name + "; there are cpu, gpu, gpu:1 …");
        try {
            TornadoDevice gpu = TornadoDevice.open(
                    name, threads == null ? Runtime.getRuntime().availableProcessors() : threads);
            String file = "kernels-" + gpu.arithmetic().replaceAll("[^A-Za-z0-9]+", "-") + ".tsv";
            gpu.rememberChoices(Home.reports().resolve("cache").resolve(file));
            return gpu;
        } catch (DeviceException e) {
            throw new Refusal(e.getMessage());
        }
    }
}
