package org.espalier.spec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hostile and surprising files: refused with line and column, in little time and memory, loading no class they name. */
@Tag("reliability")
class HostileFilesTest {
    private static final double MILLISECONDS = 200;
    private static final String HEAP = "-Xmx64m";

    @TempDir
    Path folder;

    @Test
    void areRefusedQuicklyWithTheirPlaceAndLoadNothing() throws Exception {
        List<HostileFiles.Hostile> files = HostileFiles.all();
        List<String> lines = readInSmallProcess();
        assertThat(lines).hasSameSizeAs(files);
        double slowest = 0;
        int refused = 0;
        for (int i = 0; i < lines.size(); i++) {
            String[] line = lines.get(i).split("\t", 3);
            HostileFiles.Hostile file = files.get(i);
            if (file.expected().isEmpty()) {
                assertThat(line[2]).as(file.title()).isEqualTo("name " + file.name());
            } else {
                assertThat(line[2])
                        .as(file.title())
                        .matches("\\d+\\.yaml:\\d+:\\d+: .+")
                        .contains(file.expected());
                refused++;
            }
            slowest = Math.max(slowest, Double.parseDouble(line[1]));
        }
        List<String> loaded = loadedAfterWarmUp();
        System.out.printf(
                "hostile files: %d read in %s, %d refused with line and column, %d read as meant, slowest %.0f ms of processor time; "
                        + "%d further classes loaded, none outside the schema%n",
                lines.size(), HEAP, refused, lines.size() - refused, slowest, loaded.size());
        assertThat(files).hasSizeGreaterThanOrEqualTo(60);
        assertThat(slowest).isLessThan(MILLISECONDS);
        assertThat(loaded).allMatch(HostileFilesTest::isOfTheReader);
    }

    /** What reading may load: itself, the YAML scanner, and inner workings of the JDK, but nothing a file names. */
    private static boolean isOfTheReader(String name) {
        boolean named = HostileFiles.all().stream().anyMatch(f -> new String(f.bytes(), UTF_8).contains(name));
        boolean own = name.startsWith("org.espalier.spec.")
                || name.matches("org\\.yaml\\.snakeyaml\\.(scanner|parser|reader|error|events|tokens|nodes)\\..*");
        return own || !named && name.matches("(java\\.(lang|util|io|nio|math|text)|jdk\\.internal|sun)\\..*");
    }

    private List<String> readInSmallProcess() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        HEAP,
                        "-Xlog:class+load:file=" + folder.resolve("classes.log"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HostileReader.class.getName(),
                        folder.toString())
                .redirectError(folder.resolve("errors.log").toFile())
                .redirectOutput(folder.resolve("lines.log").toFile())
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        if (!ended) process.destroyForcibly();
        assertThat(ended).as("ended within a minute").isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("errors.log")))
                .isZero();
        return Files.readAllLines(folder.resolve("lines.log"));
    }

    private List<String> loadedAfterWarmUp() throws IOException {
        List<String> loaded = Files.readAllLines(folder.resolve("classes.log")).stream()
                .filter(line -> line.contains(" source: "))
                .map(line -> line.replaceFirst("^(\\[[^]]*])+ ", "").split(" ")[0])
                .toList();
        int warm = loaded.indexOf(HostileReader.WarmedUp.class.getName());
        assertThat(warm).as("the mark in the log of loaded classes").isPositive();
        return loaded.subList(warm + 1, loaded.size());
    }
}
