package org.espalier.data.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.espalier.data.file.FileFormatException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("reliability")
class GunzipTest {
    private static final byte[] TEXT =
            "what is packed comes out again, what is not is refused".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private static byte[] pack(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }

    private byte[] unpack(byte[] packed, long most) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Gunzip.unpack(Files.write(folder.resolve("a.gz"), packed), out, most);
        return out.toByteArray();
    }

    private FileFormatException refusal(byte[] packed, long most) {
        FileFormatException error = catchThrowableOfType(FileFormatException.class, () -> unpack(packed, most));
        assertThat(error).isNotNull();
        return error;
    }

    @Test
    void whatIsPackedComesOutAgain() throws IOException {
        assertThat(unpack(pack(TEXT), TEXT.length)).isEqualTo(TEXT);
        assertThat(unpack(pack(new byte[0]), 0)).isEmpty();
    }

    @Test
    void allOptionalHeaderFieldsAreSkipped() throws IOException {
        byte[] plain = pack(TEXT);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] header = Arrays.copyOf(plain, 10);
        header[3] = 2 + 4 + 8 + 16;
        out.write(header);
        out.write(new byte[] {3, 0, 1, 2, 3});
        out.write("name\0".getBytes(StandardCharsets.UTF_8));
        out.write("comment\0".getBytes(StandardCharsets.UTF_8));
        CRC32 crc = new CRC32();
        crc.update(out.toByteArray());
        out.write((int) crc.getValue());
        out.write((int) (crc.getValue() >> 8));
        out.write(plain, 10, plain.length - 10);
        assertThat(unpack(out.toByteArray(), TEXT.length)).isEqualTo(TEXT);
    }

    @Test
    void aBombIsRefusedBeforeItIsUnpacked() throws IOException {
        byte[] bomb = pack(new byte[50_000_000]);
        assertThat(refusal(bomb, 50_000_000)).hasMessageContaining("1000 times");
        assertThat(refusal(bomb, 10_000)).hasMessageContaining("more than the 10000 bytes");
        System.out.printf("gzip: bomb of %,d to 50,000,000 bytes refused%n", bomb.length);
    }

    @Test
    void aSecondMemberIsRefusedWhereItStarts() throws IOException {
        byte[] one = pack(TEXT);
        byte[] two = Arrays.copyOf(one, 2 * one.length);
        System.arraycopy(one, 0, two, one.length, one.length);
        assertThat(refusal(two, 1000).offset()).isEqualTo(one.length);
        assertThat(refusal(Arrays.copyOf(one, one.length + 1), 1000).offset()).isEqualTo(one.length);
    }

    @Test
    void everyCutIsRefused() throws IOException {
        byte[] whole = pack(TEXT);
        for (int cut = 0; cut < whole.length; cut++) {
            assertThat(refusal(Arrays.copyOf(whole, cut), 1000).offset()).isEqualTo(cut);
        }
    }

    @Test
    void everyFlippedBitIsRefusedOrHarmless() throws IOException {
        byte[] whole = pack(TEXT);
        int harmless = 0;
        for (int bit = 0; bit < 8 * whole.length; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                assertThat(unpack(damaged, 1000)).isEqualTo(TEXT);
                harmless++;
            } catch (FileFormatException expected) {
                assertThat(expected.offset()).isBetween(0L, (long) whole.length);
            }
        }
        // Time, level and system (six bytes), the text flag, and at most a few bits of the packed data's padding.
        System.out.printf(
                "gzip: %d of %d flipped bits refused, the others harmless%n",
                8 * whole.length - harmless, 8 * whole.length);
        assertThat(harmless).isBetween(49, 60);
    }

    @Test
    void aFileMuchLargerThanItsContentIsNotRead() throws IOException {
        assertThatThrownBy(() -> unpack(new byte[3_000_000], 1000)).isInstanceOf(FileFormatException.class);
    }
}
