package org.espalier.cli;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.espalier.launch.Blas;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.DeviceException;
import org.espalier.launch.TornadoDevice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "doctor",
        description = "Show what this machine gives Espalier: JDK, CPU, BLAS, memory, data, tracking.")
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private Output output;

    @Override
    public Integer call() throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("espalier", Main.Version.text() + " in " + Home.folder());
        facts.put("jdk", System.getProperty("java.vm.name") + " " + Runtime.version());
        facts.put(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch"));
        facts.put("cpu", cpu());
        try (CpuDevice device = CpuDevice.ofThisMachine()) {
            facts.put("device", device.name() + ", " + device.threads() + " threads");
        }
        facts.put("gpu", gpus());
        facts.put("blas", "OpenBLAS, kernels for " + Blas.kernel());
        facts.put("memory", memory());
        facts.put("datasets", datasets());
        facts.put("reports", Home.reports() + ", " + gigabytes(freeSpace(Home.reports())) + " free");
        facts.put("tracking", tracking());
        int width = facts.keySet().stream().mapToInt(String::length).max().orElse(0);
        output.result(
                facts,
                () -> facts.entrySet().stream()
                        .map(fact -> fact.getKey()
                                + " ".repeat(width + 2 - fact.getKey().length())
                                + fact.getValue())
                        .collect(Collectors.joining("\n")));
        return 0;
    }

    private static String cpu() throws IOException {
        Path linux = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(linux)) return System.getProperty("os.arch");
        try (Stream<String> lines = Files.lines(linux)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.replaceFirst("[^:]*:\\s*", ""))
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        }
    }

    /** What TornadoVM offers, by the names that --device takes. */
    private static String gpus() {
        try {
            List<TornadoDevice.Offer> offers = TornadoDevice.offers();
            if (offers.isEmpty()) return "TornadoVM's drivers find none";
            return offers.stream()
                    .map(o -> o.name() + " " + o.device() + " (" + o.kind() + ", " + o.backend() + " by " + o.driver()
                            + ", " + gigabytes(o.memory()) + ")")
                    .collect(Collectors.joining(", "));
        } catch (DeviceException e) {
            return "none: " + e.getMessage();
        }
    }

    private static String memory() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return gigabytes(system.getTotalMemorySize()) + ", of which the heap may take "
                + gigabytes(Runtime.getRuntime().maxMemory());
    }

    private static String datasets() throws IOException {
        return DatasetStatus.all(Home.datasets()).stream()
                .map(dataset -> dataset.name() + (dataset.here() ? " (here)" : " (not fetched)"))
                .collect(Collectors.joining(", "));
    }

    private static long freeSpace(Path folder) throws IOException {
        Path existing = folder;
        while (!Files.exists(existing)) existing = existing.getParent();
        return Files.getFileStore(existing).getUsableSpace();
    }

    private static String tracking() {
        String local = "local store " + Home.reports().resolve("mlflow.db");
        String server = System.getenv("MLFLOW_TRACKING_URI");
        return server == null || server.isBlank()
                ? local + "; MLFLOW_TRACKING_URI is not set"
                : local + "; server " + withoutSecrets(server);
    }

    /** A tracking address may hold a password. */
    static String withoutSecrets(String address) {
        URI uri = URI.create(address);
        return uri.getRawUserInfo() == null ? address : address.replace(uri.getRawUserInfo() + "@", "");
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }
}
