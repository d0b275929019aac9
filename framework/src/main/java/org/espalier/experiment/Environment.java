package org.espalier.experiment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.espalier.data.Dataset;
import org.espalier.launch.Blas;
import org.espalier.launch.Device;
import org.espalier.spec.Canonical;

/** Where a run came from: code, machine and data. */
final class Environment {
    private Environment() {}

    static Map<String, Object> describe(
            Path home, Device device, Map<String, Dataset> data, Map<String, String> weights) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(
                "espalier",
                Optional.ofNullable(Environment.class.getPackage().getImplementationVersion())
                        .orElse("development"));
        all.put("git", git(home));
        all.put("jdk", Runtime.version().toString());
        all.put(
                "os",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        all.put("cpu", cpu());
        all.put(
                "threads",
                Integer.getInteger("espalier.threads", Runtime.getRuntime().availableProcessors()));
        all.put("blas", Blas.kernel());
        all.put("device", device.name());
        all.put("arithmetic", device.arithmetic());
        Map<String, String> digests = new LinkedHashMap<>();
        data.forEach((name, part) ->
                digests.put(name + " (" + part.name() + ", " + part.size() + " examples)", part.digest()));
        all.put("data", digests);
        all.put("weights", weights);
        all.put("peak_rss_bytes", peakMemory());
        return all;
    }

    /** The commit, and the digest of local changes if there are any. */
    private static Map<String, Object> git(Path home) {
        Map<String, Object> git = new LinkedHashMap<>();
        git.put(
                "commit",
                output(home, "git", "rev-parse", "HEAD").map(String::strip).orElse(null));
        git.put(
                "dirty",
                output(home, "git", "diff", "HEAD")
                        .filter(d -> !d.isBlank())
                        .map(Canonical::sha256)
                        .orElse(null));
        return git;
    }

    private static Optional<String> output(Path folder, String... command) {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0
                    ? Optional.of(text)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static String cpu() {
        return line("/proc/cpuinfo", "model name").orElse(System.getProperty("os.arch"));
    }

    /** The largest resident size of this process so far; null where the system does not tell. */
    private static Long peakMemory() {
        return line("/proc/self/status", "VmHWM")
                .map(v -> Long.parseLong(v.replaceAll("\\D", "")) * 1024)
                .orElse(null);
    }

    private static Optional<String> line(String file, String key) {
        try {
            return Files.readAllLines(Path.of(file)).stream()
                    .filter(line -> line.startsWith(key))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
