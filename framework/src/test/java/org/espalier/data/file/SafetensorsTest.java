package org.espalier.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    @TempDir
    Path folder;

    private static SafetensorsWriter sample() {
        return new SafetensorsWriter()
                .metadata("format", "espalier")
                .metadata("note", "a \"quoted\" näme\n")
                .floats("weight", new float[] {1, -2.5f, Float.NaN, Float.NEGATIVE_INFINITY, 0, 1e-40f}, 2, 3)
                .scalar("scalar", 7)
                .floats("empty", new float[0], 0, 5)
                .ints("ids", new int[] {1, -1, Integer.MIN_VALUE})
                .longs("steps", new long[] {Long.MAX_VALUE, -3})
                .bytes("raw", new byte[] {0, -1, 5})
                .booleans("flags", new boolean[] {true, false, true})
                .mask("weight.mask", new boolean[] {true, false, true, true, false, false, true, true, true}, 3, 3);
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Path file = folder.resolve("a.safetensors");
        sample().write(file);
        try (Safetensors read = Safetensors.open(file)) {
            assertThat(read.floats("weight")).containsExactly(1, -2.5f, Float.NaN, Float.NEGATIVE_INFINITY, 0, 1e-40f);
            assertThat(read.tensor("weight").shape()).containsExactly(2L, 3L);
            assertThat(read.floats("scalar")).containsExactly(7);
            assertThat(read.tensor("scalar").shape()).isEmpty();
            assertThat(read.floats("empty")).isEmpty();
            assertThat(read.ints("ids")).containsExactly(1, -1, Integer.MIN_VALUE);
            assertThat(read.longs("steps")).containsExactly(Long.MAX_VALUE, -3);
            assertThat(read.bytes("raw")).containsExactly(0, -1, 5);
            assertThat(read.booleans("flags")).containsExactly(true, false, true);
            assertThat(read.mask("weight.mask"))
                    .containsExactly(true, false, true, true, false, false, true, true, true);
            assertThat(read.tensor("weight.mask").bytes()).isEqualTo(2);
            assertThat(read.metadata())
                    .containsEntry("note", "a \"quoted\" näme\n")
                    .containsEntry("weight.mask.mask", "3x3");
        }
    }

    @Test
    void theSameArraysGiveTheSameBytesInAnyOrder() throws IOException {
        Path first = folder.resolve("1");
        Path second = folder.resolve("2");
        new SafetensorsWriter()
                .floats("b", new float[2])
                .ints("a", new int[3])
                .metadata("y", "1")
                .metadata("x", "2")
                .write(first);
        new SafetensorsWriter()
                .metadata("x", "2")
                .metadata("y", "1")
                .ints("a", new int[3])
                .floats("b", new float[2])
                .write(second);
        assertThat(second).hasSameBinaryContentAs(first);
    }

    /** Bytes as the format's own library lays them out: wide types first, names in order, header padded with spaces. */
    @Test
    void layoutIsTheLibrarysOwn() throws IOException {
        Path file = folder.resolve("a");
        new SafetensorsWriter()
                .ints("labels", new int[] {3})
                .floats("b", new float[] {1})
                .floats("a", new float[] {2}, 1, 1)
                .write(file);
        byte[] bytes = Files.readAllBytes(file);
        String header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]},"
                + "\"labels\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[8,12]}}";
        int padded = (header.length() + 7) / 8 * 8;
        assertThat(bytes).hasSize(8 + padded + 12).startsWith(padded & 255, padded >> 8, 0, 0, 0, 0, 0, 0);
        assertThat(new String(bytes, 8, padded, StandardCharsets.UTF_8))
                .isEqualTo(header + " ".repeat(padded - header.length()));
        assertThat(bytes).endsWith(0, 0, 0, 0x40, 0, 0, (byte) 0x80, 0x3f, 3, 0, 0, 0);
    }

    @Test
    void savingOntoAFileThatIsOpenLeavesItsReaderAlone() throws IOException {
        Path file = folder.resolve("a");
        new SafetensorsWriter().floats("w", new float[] {1, 2}).write(file);
        try (Safetensors before = Safetensors.open(file)) {
            new SafetensorsWriter().floats("w", new float[] {9}).write(file);
            assertThat(before.floats("w")).containsExactly(1, 2);
        }
        try (Safetensors after = Safetensors.open(file)) {
            assertThat(after.floats("w")).containsExactly(9);
        }
    }

    @Test
    void errorsNameWhatIsThere() throws IOException {
        Path file = folder.resolve("a");
        sample().write(file);
        try (Safetensors read = Safetensors.open(file)) {
            assertThatThrownBy(() -> read.floats("wieght"))
                    .hasMessageContainingAll("wieght", "weight", file.toString());
            assertThatThrownBy(() -> read.ints("weight")).hasMessageContainingAll("F32", "I32");
            assertThatThrownBy(() -> read.mask("raw")).isInstanceOf(FileFormatException.class);
        }
        assertThatThrownBy(() -> new SafetensorsWriter().floats("w", new float[5], 2, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[2, 3]");
        assertThatThrownBy(() -> sample().floats("weight", new float[1])).hasMessageContaining("weight");
        assertThat(List.of(folder.toFile().list())).containsExactly("a");
    }
}
