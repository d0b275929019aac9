package org.espalier.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.espalier.spec.SpecException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers that nobody means, in place of each number of each spec: they are taken, or refused at their place. */
class SpecNumbersTest {
    private static final Pattern NUMBER = Pattern.compile("(?<=[\\s:\\[,])-?\\d[\\d.eE+-]*(?=\\s*([,\\]}\\n]|$))");
    private static final List<String> UNMEANT = List.of("0", "-1", "2147483647", "1e308", "NaN");

    @TempDir
    Path folder;

    private final Set<String> seen = new HashSet<>();
    private int taken;
    private int refused;

    @Test
    void areTakenOrRefusedAtTheirPlace() throws IOException {
        for (Path spec : SpecsTest.specs()) {
            for (String line : Files.readAllLines(spec)) {
                change(spec, line);
            }
        }
        assertThat(taken).isPositive();
        assertThat(refused).isPositive();
        System.out.printf("specs: %,d numbers changed, %,d taken, %,d refused%n", taken + refused, taken, refused);
    }

    private void change(Path spec, String line) throws IOException {
        int end = line.contains("#") ? line.indexOf('#') : line.length();
        Matcher number = NUMBER.matcher(line.substring(0, end));
        while (number.find()) {
            for (String unmeant : UNMEANT) {
                String changed = line.substring(0, number.start()) + unmeant + line.substring(number.end());
                if (seen.add(changed)) {
                    read(spec, Files.readString(spec).replace(line, changed));
                }
            }
        }
    }

    private void read(Path spec, String text) throws IOException {
        String beside = spec.toAbsolutePath().getParent() + "/";
        Path file = Files.writeString(
                folder.resolve("changed.yaml"), text.replaceAll("(?<=[\\s\\[,])[\\w./-]+[.]yaml", beside + "$0"));
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            try {
                Experiment.read(file, "");
                taken++;
            } catch (SpecException e) {
                refused++;
            }
        });
    }
}
