package org.espalier.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.espalier.data.file.DurableFile;
import org.espalier.data.file.Snapshot;
import org.espalier.engine.Rng;
import org.espalier.experiment.Experiment;
import org.espalier.experiment.Planner;
import org.espalier.experiment.Program;
import org.espalier.experiment.Progress;
import org.espalier.experiment.RunFolder;
import org.espalier.experiment.Runner;
import org.espalier.models.Zoo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a run that died are cut short or altered: it goes on to the right results or refuses, and never invents any. */
class TornFilesTest {
    private static final int BYTES = 400;
    private static final int STEPS = 150;

    @TempDir
    Path temporary;

    private Map<String, String> right;
    private int copies;

    @BeforeEach
    void runOnce() throws IOException {
        ToyHome home = ToyHome.at(temporary.resolve("left-alone"), STEPS);
        InProcess.run(home.path(), program(home, "1000"), Progress.SILENT);
        right = home.results();
    }

    @Test
    void metricsMayBeCutAtSomePositions() throws IOException {
        cuts(40);
    }

    @Test
    @Tag("soak")
    void metricsMayBeCutAtEachOfTheLastPositions() throws IOException {
        cuts(1);
    }

    @Test
    void aFlippedBitInTheNewestCheckpointIsNoticed() throws IOException {
        flips(12);
    }

    @Test
    @Tag("soak")
    void flippedBitsInTheNewestCheckpointAreNoticed() throws IOException {
        flips(300);
    }

    /** @param stride every how many positions the file is cut */
    private void cuts(int stride) throws IOException {
        for (String checkpoint : new String[] {"0.02", "1000"}) {
            ToyHome dead = dead("cut-" + checkpoint, checkpoint);
            long size = Files.size(dead.folder().metrics());
            int right = 0;
            int refused = 0;
            List<Long> positions = new ArrayList<>();
            for (long cut = size; cut > size - BYTES; cut -= stride) positions.add(cut);
            for (long i = 0; i < BYTES / stride; i++) positions.add(i * size * stride / BYTES); // and all over the file
            for (long cut : positions) {
                ToyHome copy = copy(dead);
                truncate(copy.folder().metrics(), cut);
                try {
                    goesOn(copy, new ArrayList<>());
                    right++;
                } catch (IOException e) {
                    assertThat(e)
                            .hasMessageContaining("metrics.csv has ")
                            .hasMessageContaining("delete the run's folder");
                    refused++;
                }
                DurableFile.deleteTree(copy.path());
            }
            System.out.printf(
                    "torn metrics.csv (checkpoints every %s s): cut at %d positions, half of them in the last %d bytes; %d went"
                            + " on to the same results, %d refused%n",
                    checkpoint, positions.size(), BYTES, right, refused);
            assertThat(right).isPositive();
            assertThat(refused).isPositive();
        }
    }

    private void flips(int count) throws IOException {
        RandomGenerator random = Rng.of(17, "flips", 0);
        ToyHome dead = dead("flipped", "0.005");
        int noticed = 0;
        for (int i = 0; i < count; i++) {
            ToyHome copy = copy(dead);
            Path newest =
                    Snapshot.latest(copy.folder().checkpoint(2)).orElseThrow().folder();
            Path file = newest.resolve(i % 2 == 0 ? "checkpoint.json" : "arrays.safetensors");
            byte[] bytes = Files.readAllBytes(file);
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, bytes);
            List<String> notes = new ArrayList<>();
            goesOn(copy, notes);
            if (notes.stream()
                    .anyMatch(note -> note.startsWith("passed over a checkpoint: ")
                            || note.startsWith("no checkpoint of seed 2 can be used"))) noticed++;
            DurableFile.deleteTree(copy.path());
        }
        System.out.printf(
                "flipped bits in the newest checkpoint: %d, noticed %d, all went on to the same results%n",
                count, noticed);
        assertThat(noticed).isGreaterThan(count * 8 / 10);
    }

    /** A run that died in the midst of its second seed. */
    private ToyHome dead(String name, String checkpoint) throws IOException {
        ToyHome home = ToyHome.at(temporary.resolve(name), STEPS);
        int[] points = {0};
        Progress dying = new Progress() {
            private boolean second;

            @Override
            public void stage(long seed, String stage, int number, int of, double weightsLeft) {
                second = seed == 2;
            }

            @Override
            public void step(long step, long steps, double loss) {
                if (second && ++points[0] == 10) throw new IllegalStateException("killed");
            }
        };
        assertThatThrownBy(() -> InProcess.run(home.path(), program(home, checkpoint), dying))
                .hasMessage("killed");
        return home;
    }

    private static Program program(ToyHome home, String checkpoint) {
        return Planner.plan(
                Experiment.read(home.spec(), "checkpoint=" + checkpoint),
                new Zoo.Places(home.spec().getParent(), Path.of("../datasets")));
    }

    /** Finishes the run and compares. */
    private void goesOn(ToyHome home, List<String> notes) throws IOException {
        Runner.Result result = InProcess.run(home.path(), program(home, "1000"), new Progress() {
            @Override
            public void note(String line) {
                notes.add(line);
            }
        });
        assertThat(result.outcome()).isEqualTo(Runner.Outcome.FINISHED);
        assertThat(ToyHome.results(result.folder().path())).isEqualTo(right);
    }

    private ToyHome copy(ToyHome of) throws IOException {
        ToyHome copy = ToyHome.at(temporary.resolve("copy-" + ++copies), STEPS);
        RunFolder from = of.folder();
        for (Path file : ToyHome.files(from.path())) {
            Path to = copy.folder().path().resolve(from.path().relativize(file));
            Files.createDirectories(to.getParent());
            Files.copy(file, to);
        }
        return copy;
    }

    private static void truncate(Path file, long length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
    }
}
