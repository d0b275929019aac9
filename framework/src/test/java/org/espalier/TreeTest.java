package org.espalier;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the repository may hold: a fixed top level, no data, no address of a package registry, no path of one machine. */
class TreeTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final long LARGEST_FILE = 4 << 20;

    /** Written with groups so that this file does not match itself. */
    private static final Pattern FORBIDDEN = Pattern.compile(
            "(repo1?[.])maven|(registry[.])npmjs|(pypi[.])org|(pythonhosted)[.]org"
                    + "|(deb[.])debian|(proxy[.])golang|(static[.])crates|(/work)/[a-z]|(/root)/[.a-z]|(/home)/[a-z]+/|[.](/shared)/");

    private static List<String> tracked;

    @BeforeAll
    static void askGit() throws IOException, InterruptedException {
        Process git = new ProcessBuilder("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
                .directory(ROOT.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String names = new String(git.getInputStream().readAllBytes(), UTF_8);
        assumeTrue(git.waitFor() == 0, "not a git checkout");
        tracked = List.of(names.split("\0"));
    }

    @Test
    void topLevelIsExactlyWhatTheReadmeSays() {
        assertThat(tracked.stream().map(name -> name.replaceFirst("/.*", "")).filter(name -> !name.startsWith(".")))
                .contains("pom.xml", "Makefile", "gpu-kernels", "framework")
                .isSubsetOf(
                        "pom.xml",
                        "README.md",
                        "Makefile",
                        "experiments",
                        "framework",
                        "gpu-kernels",
                        "datasets",
                        "reports");
    }

    @Test
    void holdsNoLinks() {
        assertThat(tracked).noneMatch(name -> Files.isSymbolicLink(ROOT.resolve(name)));
    }

    @Test
    void holdsNoLargeFiles() throws IOException {
        List<String> large = new ArrayList<>();
        for (String name : tracked) {
            if (Files.isRegularFile(ROOT.resolve(name)) && Files.size(ROOT.resolve(name)) > LARGEST_FILE) {
                large.add(name);
            }
        }
        assertThat(large).isEmpty();
    }

    @Test
    void namesNoRegistryAndNoMachine() throws IOException {
        List<String> found = new ArrayList<>();
        for (String name : tracked) {
            if (Files.isRegularFile(ROOT.resolve(name))) {
                Matcher matcher = FORBIDDEN.matcher(Files.readString(ROOT.resolve(name), ISO_8859_1));
                if (matcher.find()) {
                    found.add(name + ": " + matcher.group());
                }
            }
        }
        assertThat(found).isEmpty();
    }
}
