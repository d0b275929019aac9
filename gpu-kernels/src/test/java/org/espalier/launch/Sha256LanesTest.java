package org.espalier.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Sha256LanesTest {
    @Test
    void messagesOfAllLengthsHaveTheJdksDigests() throws NoSuchAlgorithmException {
        byte[] text = new byte[4096];
        new Random(1).nextBytes(text);
        Sha256Lanes lanes = new Sha256Lanes();
        for (int length = 0; length <= Sha256Lanes.LONGEST; length++) {
            for (int lane = 0; lane < Sha256Lanes.LANES; lane++)
                lanes.put(lane, text, 71 * lane + length, length(length, lane));
            lanes.hash();
            for (int lane = 0; lane < Sha256Lanes.LANES; lane++) {
                MessageDigest jdk = MessageDigest.getInstance("SHA-256");
                jdk.update(text, 71 * lane + length, length(length, lane));
                ByteBuffer expected = ByteBuffer.wrap(jdk.digest());
                for (int i = 0; i < 8; i++) assertThat(lanes.word(lane, i)).isEqualTo(expected.getInt(4 * i));
            }
        }
    }

    private static int length(int length, int lane) {
        return (length + lane) % (Sha256Lanes.LONGEST + 1);
    }
}
