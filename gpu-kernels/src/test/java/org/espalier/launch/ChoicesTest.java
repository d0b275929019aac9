package org.espalier.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.espalier.kernels.MatMul;
import org.espalier.kernels.Pointwise;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChoicesTest {
    private final List<String> tried = new ArrayList<>();
    private GroupLimits limits = GroupLimits.NONE;

    @Test
    void takesTheFastestForAllLaunchesOfAboutThatSize() {
        Rehearsal rehearsal = rehearsal(Choices.Use.MEASURED, "TiledMatMul.nn");
        rehearsal.check(List.of(product(60)));
        assertThat(tried).containsExactly("MatMul.nn", "TiledMatMul.nn", "SmallMatMul.nn");
        rehearsal.check(List.of(product(33)));
        assertThat(tried.subList(3, tried.size()))
                .as("compared at this size, but measured no more")
                .containsExactly("TiledMatMul.nn");
        assertThat(used(rehearsal, 33)).isEqualTo("TiledMatMul.nn");
        assertThat(used(rehearsal, 64)).as("nothing was chosen for it").isEqualTo("MatMul.nn");
        Choice choice = rehearsal.choices().made().getFirst();
        assertThat(choice.kernel()).isEqualTo("MatMul.nn");
        assertThat(choice.sizes()).containsExactly(60, 2, 3, 0);
        assertThat(choice.nanoseconds()).containsEntry("TiledMatMul.nn", 1L).containsEntry("MatMul.nn", 100L);
    }

    @Test
    void takesWhatWasAskedFor() {
        Rehearsal portable = rehearsal(Choices.Use.PORTABLE, "TiledMatMul.nn");
        portable.check(List.of(product(60)));
        assertThat(used(portable, 60)).isEqualTo("MatMul.nn");
        Rehearsal tuned = rehearsal(Choices.Use.TUNED, "MatMul.nn");
        tuned.check(List.of(product(60)));
        assertThat(used(tuned, 60)).isEqualTo("TiledMatMul.nn");
        assertThat(tried).containsExactly("MatMul.nn", "TiledMatMul.nn");
    }

    @Test
    void twinsThatDoNotFitIntoADeviceAreLeftOut() {
        int small = 2 * 16 * 17 * Float.BYTES, large = 2 * 16 * 65 * Float.BYTES;
        limits = new GroupLimits(256, large - 1);
        rehearsal(Choices.Use.MEASURED, "").check(List.of(product(60)));
        limits = new GroupLimits(256, small - 1);
        rehearsal(Choices.Use.MEASURED, "").check(List.of(product(60)));
        limits = new GroupLimits(255, large);
        rehearsal(Choices.Use.TUNED, "").check(List.of(product(60)));
        assertThat(tried).containsExactly("MatMul.nn", "SmallMatMul.nn", "MatMul.nn", "MatMul.nn");
    }

    @Test
    void kernelsWithoutTwinsAreComparedAtAFewSizes() {
        Rehearsal rehearsal = rehearsal(Choices.Use.MEASURED, "");
        for (int size : new int[] {3, 300, 3})
            rehearsal.check(List.of(Launch.of("relu", size, Pointwise::relu, new float[size], new float[size])));
        assertThat(tried).containsExactly("Pointwise.relu", "Pointwise.relu");
        assertThat(rehearsal.choices().made()).isEmpty();
    }

    @Test
    void choicesOutliveTheProcess(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("cache").resolve("kernels.tsv");
        Rehearsal first = rehearsal(Choices.Use.MEASURED, "SmallMatMul.nn");
        first.choices().remember(new ChoiceFile(file));
        first.check(List.of(product(60)));
        Files.writeString(file, "MatMul.nn [6, 2", StandardOpenOption.APPEND); // a process was killed here
        tried.clear();
        Rehearsal second = rehearsal(Choices.Use.MEASURED, "MatMul.nn");
        second.choices().remember(new ChoiceFile(file));
        second.check(List.of(product(60)));
        assertThat(tried).as("compared with the CPU all the same").containsExactly("SmallMatMul.nn");
        assertThat(used(second, 60)).isEqualTo("SmallMatMul.nn");
        assertThat(second.choices().made().getFirst().nanoseconds()).isEmpty();
    }

    /** A device on which one kernel is fast, and which computes with the CPU's. */
    private Rehearsal rehearsal(Choices.Use use, String fast) {
        return new Rehearsal("a device", new Choices(use, limits), (launches, timed) -> {
            String kernel = launches.getFirst().kernel().toString();
            tried.add(kernel);
            launches.getFirst().host().run(0, launches.getFirst().extent());
            return !timed ? -1 : kernel.equals(fast) ? 1 : 100;
        });
    }

    private static Launch product(int rows) {
        return Launch.of("p", rows, MatMul::nn, new float[rows * 2], new float[rows * 3], new float[6], 2, 3, 0);
    }

    private static String used(Rehearsal rehearsal, int rows) {
        return rehearsal.choices().chosen(product(rows)).getFirst().kernel().toString();
    }
}
