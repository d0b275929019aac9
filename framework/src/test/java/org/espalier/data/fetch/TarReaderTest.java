package org.espalier.data.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An archive decides nothing: neither where a file goes nor how much is unpacked. */
class TarReaderTest {
    private final ByteArrayOutputStream archive = new ByteArrayOutputStream();
    private String received;

    /** Appends an entry, its checksum right. */
    TarReaderTest entry(String name, char type, String content) {
        byte[] bytes = content.getBytes(UTF_8);
        header(name, type, "%011o".formatted(bytes.length));
        archive.writeBytes(Arrays.copyOf(bytes, Math.ceilDiv(bytes.length, 512) * 512));
        return this;
    }

    private void header(String name, char type, String size) {
        byte[] header = new byte[512];
        put(header, 0, name);
        put(header, 124, size);
        header[156] = (byte) type;
        put(header, 157, "/etc/passwd");
        put(header, 257, "ustar");
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 255;
        }
        put(header, 148, "%06o\0".formatted(sum));
        archive.writeBytes(header);
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    private TarReader read(long compressed) throws IOException {
        TarReader reader = new TarReader(
                Map.of("package/data/a", (content, bytes) -> received = new String(content.readAllBytes(), UTF_8)));
        reader.read(new ByteArrayInputStream(archive.toByteArray()), compressed);
        return reader;
    }

    @Test
    void takesWhatIsWantedAndSkipsTheRest() throws IOException {
        entry("package/other", '0', "no").entry("./package/data/a", '0', "yes").entry("last", '0', "no");
        archive.writeBytes(new byte[1024]);
        assertThat(read(1000).seen()).containsExactly("package/data/a");
        assertThat(received).isEqualTo("yes");
    }

    @Test
    void namesThatLeadElsewhereAreNotWanted() throws IOException {
        String[] names = {
            "../a",
            "/etc/a",
            "package/data/../data/a",
            "C:\\a",
            "package\\data\\a",
            "package/data/a/../../../x",
            "..",
            "",
            "PACKAGE/DATA/A"
        };
        for (String name : names) {
            entry(name, '0', "bad");
        }
        assertThat(read(1000).seen()).isEmpty();
        assertThat(received).isNull();
        System.out.println("tar: " + names.length + " hostile names passed over, nothing written");
    }

    @Test
    void linksAndDevicesUnderAWantedNameAreNotFiles() throws IOException {
        for (char type : "123456".toCharArray()) {
            entry("package/data/a", type, "");
        }
        assertThat(read(1000).seen()).isEmpty();
    }

    @Test
    void aNameThatStandsTwiceIsRefused() {
        entry("package/data/a", '0', "one").entry("package/data/a", '0', "two");
        assertThatThrownBy(() -> read(1000)).hasMessageContaining("twice");
    }

    @Test
    void tooManyEntriesAreRefused() {
        for (int i = 0; i <= TarReader.MOST_ENTRIES; i++) {
            entry("f" + i, '0', "");
        }
        assertThatThrownBy(() -> read(1 << 20)).hasMessageContaining("10000 entries");
    }

    @Test
    void aBombIsRefused() {
        entry("zeros", '0', "0".repeat(3 << 20));
        assertThatThrownBy(() -> read(10_000)).hasMessageContaining("unpacks to more than");
    }

    @Test
    void damageIsRefused() {
        header("package/data/a", '0', "77777777777");
        assertThatThrownBy(() -> read(1 << 30)).isInstanceOf(IOException.class);
        archive.reset();
        header("package/data/a", '0', "-0000000001");
        assertThatThrownBy(() -> read(1000)).hasMessageContaining("-0000000001");
        archive.reset();
        archive.writeBytes(new byte[] {1, 2, 3});
        assertThatThrownBy(() -> read(1000)).hasMessageContaining("header");
        archive.reset();
        archive.writeBytes("x".repeat(512).getBytes(UTF_8));
        assertThatThrownBy(() -> read(1000)).isInstanceOf(IOException.class);
        archive.reset();
        header("package/data/a", '0', "%011o".formatted(100));
        archive.writeBytes(new byte[50]);
        assertThatThrownBy(() -> read(1000)).isInstanceOf(IOException.class);
    }
}
