package org.espalier.cli;

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

    /** What the device's results are known by. */
    String arithmetic() {
        if (isCpu()) return Device.CPU;
        try (Device device = open()) {
            return device.arithmetic();
        }
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
