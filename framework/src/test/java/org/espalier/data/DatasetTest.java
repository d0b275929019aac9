package org.espalier.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

class DatasetTest {
    private static Dataset images(Random random, int size, int features) {
        byte[] pixels = new byte[7 + size * features];
        byte[] labels = new byte[3 + size];
        random.nextBytes(pixels);
        for (int i = 0; i < size; i++) {
            labels[3 + i] = (byte) random.nextInt(10);
        }
        return new ByteExamples(
                "random",
                "",
                new Dataset.Shape(List.of(1, 1, features), 10),
                size,
                new ByteExamples.Bytes(pixels, 7),
                new ByteExamples.Bytes(labels, 3));
    }

    @Test
    void everyByteIsScaledToTheLastBit() {
        byte[] all = new byte[256];
        for (int i = 0; i < 256; i++) {
            all[i] = (byte) i;
        }
        Dataset data = new ByteExamples(
                "all",
                "",
                new Dataset.Shape(List.of(256), 1),
                1,
                new ByteExamples.Bytes(all, 0),
                new ByteExamples.Bytes(new byte[1], 0));
        float[] row = new float[256];
        data.copy(0, row, 0);
        for (int i = 0; i < 256; i++) {
            assertThat(row[i]).isEqualTo(i / 255f);
        }
    }

    @Test
    void columnsAreRowsTurned() {
        Random random = new Random(3);
        int tried = 0;
        for (int features : new int[] {1, 7, 8, 9, 15, 16, 17, 64, 784}) {
            Dataset data = images(random, 40, features);
            for (int count : new int[] {0, 1, 7, 8, 9, 16, 17, 31, 60, 64}) {
                check(data, random.ints(count + 5, 0, 40).toArray(), count, count + random.nextInt(4));
                tried++;
            }
        }
        check(
                new OneHotExamples("tokens", 5, 5, 2, new int[] {0, 1, 2, 3, 4, 4}, new int[3]),
                new int[] {0, 0, 0, 2, 1, 0},
                3,
                4);
        System.out.println("gather: " + tried + " shapes, columns equal rows");
    }

    private static void check(Dataset data, int[] ids, int count, int stride) {
        int features = data.features();
        float[] rows = new float[count * features];
        float[] columns = new float[features * stride];
        Arrays.fill(columns, -1);
        data.copyRows(ids, 3, count, rows);
        data.copyColumns(ids, 3, count, columns, 0, stride);
        for (int f = 0; f < features; f++) {
            for (int c = 0; c < stride; c++) {
                assertThat(columns[f * stride + c]).isEqualTo(c < count ? rows[c * features + f] : -1);
            }
        }
    }

    /** A batch of 60 MNIST-sized images from anywhere in 47 MB; the limit is far above what any machine needs. */
    @Test
    void aBatchIsGatheredInMicroseconds() {
        Random random = new Random(1);
        Dataset data = images(random, 60_000, 784);
        int[] ids = random.ints(60_000, 0, 60_000).toArray();
        float[] batch = new float[784 * 60];
        double rows = Double.MAX_VALUE;
        double columns = Double.MAX_VALUE;
        for (int round = 0; round < 8; round++) {
            rows = Math.min(rows, microseconds(ids, first -> data.copyRows(ids, first, 60, batch)));
            columns = Math.min(columns, microseconds(ids, first -> data.copyColumns(ids, first, 60, batch, 0, 60)));
        }
        System.out.printf("gather of 60 images: %.1f µs as rows, %.1f µs as columns%n", rows, columns);
        assertThat(Math.max(rows, columns)).isLessThan(1000);
    }

    private static double microseconds(int[] ids, IntConsumer gather) {
        long start = System.nanoTime();
        for (int first = 0; first < ids.length; first += 60) {
            gather.accept(first);
        }
        return (System.nanoTime() - start) / 1e3 / (ids.length / 60);
    }
}
