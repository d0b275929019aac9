package org.espalier.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ByteSearchTest {
    @Test
    void countsAndFindsAsOneByteAfterTheOther() {
        SplittableRandom random = new SplittableRandom(1);
        for (int turn = 0; turn < 5000; turn++) {
            byte[] bytes = new byte[300];
            for (int i = 0; i < bytes.length; i++)
                bytes[i] = (byte) (random.nextInt(turn % 200 + 1) == 0 ? '\n' : '\n' - 128 + random.nextInt(1, 256));
            int from = random.nextInt(bytes.length), to = random.nextInt(from, bytes.length + 1);
            int count = 0, first = to;
            for (int i = to - 1; i >= from; i--)
                if (bytes[i] == '\n') {
                    count++;
                    first = i;
                }
            assertThat(ByteSearch.count(bytes, from, to, (byte) '\n')).isEqualTo(count);
            assertThat(ByteSearch.find(bytes, from, to, (byte) '\n')).isEqualTo(first);
        }
    }
}
