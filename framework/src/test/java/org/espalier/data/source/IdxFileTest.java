package org.espalier.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.espalier.data.Dataset;
import org.espalier.data.Part;
import org.espalier.data.file.FileFormatException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Files that are not what they claim: refused at the right byte, and before memory is taken on their word. */
@Tag("reliability")
class IdxFileTest {
    /** Two images of 2×3 pixels. */
    private static final byte[] IMAGES = {
        0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
    };

    private static final byte[] LABELS = {0, 0, 8, 1, 0, 0, 0, 2, 3, 9};
    private static final long MOST_ALLOCATED = 1 << 20;
    private static int refused;

    @TempDir
    Path folder;

    private record Damage(byte[] content, long offset) {}

    private static Map<String, Damage> images() {
        Map<String, Damage> cases = new LinkedHashMap<>();
        cases.put("first byte of the magic", with(IMAGES, 0, 1, 0));
        cases.put("second byte of the magic", with(IMAGES, 1, 1, 1));
        cases.put("type of floats", with(IMAGES, 2, 0x0D, 2));
        cases.put("rank 1", with(IMAGES, 3, 1, 3));
        cases.put("rank 255", with(IMAGES, 3, 255, 3));
        cases.put("negative count", with(IMAGES, 4, 0x80, 4));
        cases.put("negative width", with(IMAGES, 12, 0xFF, 12));
        cases.put("a count of two thousand million", with(IMAGES, 4, 0x7F, 8));
        byte[] huge = IMAGES.clone();
        Arrays.fill(huge, 4, 16, (byte) 0x7F);
        cases.put("counts whose product overflows", new Damage(huge, 8));
        byte[] wrapping = IMAGES.clone();
        System.arraycopy(new byte[] {0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0}, 0, wrapping, 4, 12);
        cases.put("counts whose product wraps to zero", new Damage(wrapping, 8));
        cases.put("one image more than there is", with(IMAGES, 7, 3, IMAGES.length));
        cases.put("one image fewer than there are", with(IMAGES, 7, 1, 22));
        cases.put("a trailing byte", new Damage(Arrays.copyOf(IMAGES, IMAGES.length + 1), IMAGES.length));
        cases.put("a thousand trailing bytes", new Damage(Arrays.copyOf(IMAGES, IMAGES.length + 1000), IMAGES.length));
        cases.put("the last byte missing", new Damage(Arrays.copyOf(IMAGES, IMAGES.length - 1), IMAGES.length - 1));
        cases.put("no pixels", new Damage(Arrays.copyOf(IMAGES, 16), 16));
        cases.put("an empty file", new Damage(new byte[0], 0));
        return cases;
    }

    private static Damage with(byte[] good, int at, int value, long offset) {
        byte[] content = good.clone();
        content[at] = (byte) value;
        return new Damage(content, offset);
    }

    @TestFactory
    Stream<DynamicTest> damagedImagesAreRefusedAtTheirPlace() {
        return images().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> refuse(entry.getValue(), 3)));
    }

    @TestFactory
    Stream<DynamicTest> filesCutInTheHeaderAreRefusedAtTheCut() {
        return Stream.iterate(1, cut -> cut < 16, cut -> cut + 1)
                .map(cut -> DynamicTest.dynamicTest(
                        "cut at byte " + cut, () -> refuse(new Damage(Arrays.copyOf(IMAGES, cut), cut), 3)));
    }

    private void refuse(Damage damage, int rank) throws IOException {
        Path file = Files.write(folder.resolve("file"), damage.content);
        long before = threads().getThreadAllocatedBytes(Thread.currentThread().threadId());
        FileFormatException error = catchThrowableOfType(FileFormatException.class, () -> IdxFile.read(file, rank));
        long allocated =
                threads().getThreadAllocatedBytes(Thread.currentThread().threadId()) - before;
        assertThat(error).isNotNull();
        assertThat(error.offset()).isEqualTo(damage.offset);
        assertThat(error).hasMessageContaining(file.toString());
        assertThat(allocated).isLessThan(MOST_ALLOCATED);
        refused++;
    }

    private static ThreadMXBean threads() {
        return (ThreadMXBean) ManagementFactory.getThreadMXBean();
    }

    private Dataset open(byte[] images, byte[] labels) throws IOException {
        Files.write(folder.resolve("train-images-idx3-ubyte"), images);
        Files.write(folder.resolve("train-labels-idx1-ubyte"), labels);
        return IdxImages.read("small", folder, Part.TRAIN, 0, (file, found) -> {});
    }

    @Test
    void soundFilesAreRead() throws IOException {
        Dataset data = open(IMAGES, LABELS);
        float[] pixels = new float[6];
        data.copy(1, pixels, 0);
        assertThat(pixels).containsExactly(7 / 255f, 8 / 255f, 9 / 255f, 10 / 255f, 11 / 255f, 12 / 255f);
        assertThat(data.label(0)).isEqualTo(3);
        assertThat(data.shape()).containsExactly(1, 2, 3);
    }

    @Test
    void labelsThatDoNotFitAreRefused() {
        byte[] ten = LABELS.clone();
        ten[9] = 10;
        assertThatThrownBy(() -> open(IMAGES, ten)).hasMessageContainingAll("byte 9", "label 10");
        byte[] three = {0, 0, 8, 1, 0, 0, 0, 3, 3, 9, 1};
        assertThatThrownBy(() -> open(IMAGES, three)).hasMessageContainingAll("byte 4", "3 labels", "2 images");
        refused += 2;
    }

    @Test
    void aFileOfAnotherDigestIsRefused() throws IOException {
        open(IMAGES, LABELS);
        assertThatThrownBy(() -> IdxImages.read("small", folder, Part.TRAIN, 0, (file, found) -> {
                    throw new IOException(file + " has " + found);
                }))
                .hasMessageContainingAll("train-images-idx3-ubyte", "28 bytes");
    }

    @Test
    void aHoldoutLargerThanTheFileIsRefused() throws IOException {
        open(IMAGES, LABELS);
        assertThatThrownBy(() -> IdxImages.read("small", folder, Part.TRAIN, 3, (file, found) -> {}))
                .hasMessageContainingAll("2 training examples", "holdout of 3");
    }

    @AfterAll
    static void report() {
        System.out.println("IDX: " + refused + " damaged files refused at their byte, each below 1 MB of memory");
        assertThat(refused).isEqualTo(34);
    }
}
