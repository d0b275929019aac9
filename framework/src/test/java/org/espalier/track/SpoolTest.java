package org.espalier.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal that was cut or damaged anywhere loses one record at most and can be appended to. */
class SpoolTest {
    @TempDir
    Path folder;

    private final List<String> notices = new ArrayList<>();
    private final String run = RunInfo.id("run");
    private final List<Event> events = new ArrayList<>();
    private Path file;

    @BeforeEach
    void sample() {
        file = folder.resolve("x" + Spool.SUFFIX);
        events.add(new Event.Start(
                run,
                new RunInfo(
                        run,
                        "lottery",
                        "näme\n\"quoted\"",
                        RunInfo.id("p"),
                        folder,
                        Map.of("a.b", "1\n2"),
                        Map.of("t", "ü"),
                        7)));
        events.add(new Event.Parameter(run, "key", "value"));
        events.add(new Event.Tag(run, "key", "value"));
        events.add(new Event.Dataset(run, new DatasetInfo("mnist", "0".repeat(64), "training", "somewhere", 60_000)));
        events.add(new Event.Artifact(run, "report.html", folder.resolve("a b.html")));
        for (int step = 0; step < 20; step++) {
            double value = step == 3 ? Double.NaN : step == 4 ? Double.NEGATIVE_INFINITY : 1.0 / 3 * step;
            events.add(new Event.Metric(run, "train.0/loss", step, value, 1_700_000_000_000L + step));
        }
        events.add(new Event.End(run, RunStatus.KILLED, 99));
    }

    private Spool open() throws IOException {
        return Spool.open(file, notices::add);
    }

    private byte[] written() throws IOException {
        try (Spool spool = open()) {
            spool.append(events.subList(0, 7));
            spool.append(events.subList(7, events.size()));
            spool.force();
        }
        return Files.readAllBytes(file);
    }

    private static List<Event> all(Spool spool) throws IOException {
        return spool.read(0).entries().stream().map(SpoolFormat.Entry::event).toList();
    }

    @Test
    void keepsEveryKindOfEvent() throws IOException {
        written();
        try (Spool spool = open()) {
            assertThat(all(spool)).isEqualTo(events);
            SpoolFormat.Stretch stretch = spool.read(0);
            assertThat(stretch.next()).isEqualTo(spool.size());
            long third = stretch.entries().get(2).end();
            assertThat(spool.read(third).entries()).hasSize(events.size() - 3);
        }
        assertThat(notices).isEmpty();
    }

    @Test
    void tornAtEachOfTheLast400BytesLosesOneRecordAtMost() throws IOException {
        byte[] whole = written();
        List<SpoolFormat.Entry> entries = SpoolFormat.parse(whole, 0).entries();
        int said = 0;
        for (int cut = 1; cut <= 400; cut++) {
            int length = whole.length - cut;
            Files.write(file, Arrays.copyOf(whole, length));
            int intact = (int)
                    entries.stream().filter(entry -> entry.end() <= length).count();
            notices.clear();
            try (Spool spool = open()) {
                assertThat(all(spool)).isEqualTo(events.subList(0, intact));
                spool.append(List.of(events.getLast()));
            }
            boolean torn = intact == 0 ? length > 0 : entries.get(intact - 1).end() < length;
            assertThat(notices).hasSize(torn ? 1 : 0);
            said += notices.size();
            try (Spool spool = open()) {
                assertThat(all(spool)).hasSize(intact + 1).endsWith(events.getLast());
            }
        }
        System.out.printf(
                "torn journal: 400 cuts, %d inside a record and all of these said, no other record lost%n", said);
        assertThat(said).isGreaterThan(390);
    }

    @Test
    void aDamagedByteLosesOneRecordAtMost() throws IOException {
        byte[] whole = written();
        Random random = new Random(5);
        int lost = 0;
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (at % 3 == 0 ? damaged[at] ^ '\n' : 1 << random.nextInt(8));
            if (damaged[at] == whole[at]) {
                continue;
            }
            Files.write(file, damaged);
            notices.clear();
            try (Spool spool = open()) {
                List<Event> left = all(spool);
                assertThat(left.size()).as("byte %d", at).isGreaterThanOrEqualTo(events.size() - 1);
                assertThat(events).containsSubsequence(left);
                if (left.size() < events.size()) {
                    lost++;
                    assertThat(notices).as("byte %d", at).isNotEmpty();
                }
                spool.append(List.of(events.getFirst()));
                assertThat(all(spool)).endsWith(events.getFirst());
            }
        }
        System.out.printf(
                "damaged journal: %d bytes changed one at a time, one record lost %d times%n", whole.length, lost);
    }

    @Test
    void readsMoreThanOneStretch() throws IOException {
        String longText = "x".repeat(3_000_000);
        try (Spool spool = open()) {
            for (int i = 0; i < 3; i++) {
                spool.append(List.of(new Event.Tag(run, "k" + i, longText), events.get(8)));
            }
            int count = 0;
            SpoolFormat.Stretch stretch = spool.read(0);
            while (!stretch.entries().isEmpty()) {
                count += stretch.entries().size();
                stretch = spool.read(stretch.next());
            }
            assertThat(count).isEqualTo(6);
        }
    }

    @Test
    void isHeldByOneAtATime() throws IOException {
        try (Spool held = open()) {
            assertThat(held.size()).isZero();
            assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("in use");
        }
        open().close();
    }
}
