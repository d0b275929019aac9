package org.espalier.data.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.espalier.data.file.FileFormatException;
import org.espalier.launch.WeightFormat;
import org.espalier.reliability.ReadingCosts;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Malformed GGUF files: one typed error each, soon, and without memory on the word of the file. */
@Tag("reliability")
class HostileGgufTest {
    private static final ReadingCosts COSTS = new ReadingCosts(64 << 20);

    @TempDir
    Path folder;

    private static GgufMaker key(int type, byte[] value) {
        return GgufMaker.tinyLlama().key("a", type, value);
    }

    private static byte[] list(int type, long count, int bytes) {
        return GgufMaker.little(12 + bytes).putInt(type).putLong(count).array();
    }

    /** The tensor table alone, with so many bytes of data after it. */
    private static byte[] table(int data, GgufMaker maker) {
        byte[] bytes = maker.bytes();
        return Arrays.copyOf(bytes, bytes.length + data);
    }

    private static GgufMaker tensor(int type, long offset, long... shape) {
        return new GgufMaker().tensor("a", type, offset, shape);
    }

    private static Map<String, byte[]> refused() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        byte[] sound = GgufMaker.tinyLlama().bytes();
        for (int length : new int[] {0, 1, 4, 7, 8, 15, 16, 23, 24, 25, 40, 100}) {
            files.put(length + " bytes", Arrays.copyOf(sound, length));
        }
        files.put("another magic number", put(sound, 0, 'X'));
        files.put("big-endian", put(put(sound, 4, 0), 7, 3));
        files.put("version 1", new GgufMaker().version(1).bytes());
        files.put("version 4", new GgufMaker().version(4).bytes());
        files.put("2^64 - 1 tensors", new GgufMaker().bytes(-1, 0));
        files.put("2^63 keys", new GgufMaker().bytes(0, Long.MIN_VALUE));
        files.put("65,537 tensors", new GgufMaker().bytes(65_537, 0));
        files.put("65,537 keys", new GgufMaker().bytes(0, 65_537));
        files.put("fewer keys than promised", new GgufMaker().bytes(0, 1));
        files.put("fewer tensors than promised", GgufMaker.tinyLlama().bytes(60_000, 9));
        files.put("a key of 2^63 bytes", raw(0, 1, GgufMaker.longs(Long.MIN_VALUE)));
        files.put("a key of 2^64 - 1 bytes", raw(0, 1, GgufMaker.longs(-1)));
        files.put("a key longer than the file", raw(0, 1, GgufMaker.longs(1000)));
        files.put("a key over 1 MB", raw(0, 1, GgufMaker.longs((1 << 20) + 1), new byte[(1 << 20) + 100]));
        files.put("a key that is not UTF-8", raw(0, 1, GgufMaker.longs(1), new byte[] {(byte) 0xFF}, new byte[20]));
        files.put("a value of type 13", key(13, new byte[8]).bytes());
        files.put("a value of type -1", key(-1, new byte[8]).bytes());
        files.put("a truth value of 2", key(7, new byte[] {2}).bytes());
        files.put(
                "a text of 2^63 - 1 bytes",
                key(8, GgufMaker.longs(Long.MAX_VALUE)).bytes());
        files.put("a list of lists", key(9, list(9, 1, 100)).bytes());
        files.put("a list of type 99", key(9, list(99, 1, 100)).bytes());
        files.put("a list of 2^64 - 1", key(9, list(0, -1, 100)).bytes());
        files.put("a list over 16 M", key(9, list(0, (1 << 24) + 1, 100)).bytes());
        files.put("a list longer than the file", key(9, list(4, 1 << 24, 0)).bytes());
        files.put("texts longer than the file", key(9, list(8, 1 << 24, 16)).bytes());
        files.put("a list whose bytes wrap", key(9, list(12, 1L << 61, 0)).bytes());
        files.put(
                "a key twice",
                GgufMaker.tinyLlama().text("general.architecture", "llama").bytes());
        for (int alignment : new int[] {0, 1, 4, 33, 8192, -32}) {
            files.put("an alignment of " + alignment, aligned(4, GgufMaker.ints(alignment)));
        }
        files.put("an alignment that is a text", aligned(8, GgufMaker.string("32")));
        files.put("no dimension", table(64, tensor(0, 0)));
        files.put("five dimensions", table(64, tensor(0, 0, 1, 1, 1, 1, 1)));
        files.put("2^32 - 1 dimensions", raw(1, 0, GgufMaker.string("a"), GgufMaker.ints(-1), new byte[64]));
        files.put("a dimension of 0", table(64, tensor(0, 0, 0)));
        files.put("a negative dimension", table(64, tensor(0, 0, -1)));
        files.put("a dimension of 2^63 - 1", table(64, tensor(0, 0, Long.MAX_VALUE)));
        files.put("a product that wraps", table(64, tensor(0, 0, 1L << 32, 1L << 32)));
        files.put("a product that wraps to 4", table(64, tensor(0, 0, (1L << 62) + 1, 4)));
        files.put("bytes that wrap", table(64, tensor(0, 0, 1L << 61)));
        files.put("a type that is gone", table(64, tensor(4, 0, 32)));
        files.put("a type that is not read", table(600, tensor(10, 0, 256)));
        files.put("type 2^31", table(64, tensor(Integer.MIN_VALUE, 0, 1)));
        files.put("rows that are no blocks", table(34, tensor(8, 0, 2, 16)));
        files.put("an offset of 2^64 - 32", table(64, tensor(0, -32, 8)));
        files.put("an offset of 2^63 - 32", table(64, tensor(0, Long.MAX_VALUE - 31, 8)));
        files.put("a misaligned offset", table(64, tensor(0, 4, 8)));
        files.put("a hole", table(96, tensor(0, 32, 8)));
        files.put("two on one place", table(64, tensor(0, 0, 8).tensor("b", 0, 0, 8)));
        files.put("an overlap", table(96, tensor(0, 0, 16).tensor("b", 0, 32, 8)));
        files.put("one name twice", table(64, tensor(0, 0, 8).tensor("a", 0, 32, 8)));
        files.put("data that end early", table(31, tensor(0, 0, 8)));
        files.put("data that are not there", table(0, tensor(0, 0, 8)));
        files.put("bytes of no tensor", table(65, tensor(0, 0, 8)));
        files.put("a name of 300 characters", table(64, new GgufMaker().tensor("a".repeat(300), 0, 0, 8)));
        files.put("no architecture", table(32, tensor(0, 0, 8)));
        files.put("2^31 blocks", llama("llama.block_count", Integer.MIN_VALUE));
        files.put("10^9 blocks", llama("llama.block_count", 1_000_000_000));
        files.put("no heads", llama("llama.attention.head_count", 0));
        files.put("heads that do not divide", llama("llama.attention.head_count", 3));
        files.put(
                "no embedding",
                new GgufMaker().text("general.architecture", "gpt2").bytes());
        files.put("half a million empty texts, then nothing", texts());
        return files;
    }

    private static byte[] texts() {
        return key(9, list(8, 1 << 24, 4_000_000)).bytes();
    }

    private static byte[] aligned(int type, byte[] value) {
        return GgufMaker.tinyLlama().key("general.alignment", type, value).bytes();
    }

    private static byte[] llama(String key, int value) {
        byte[] bytes = GgufMaker.tinyLlama().bytes();
        byte[] name = GgufMaker.string(key);
        for (int at = 24; ; at++) {
            if (Arrays.equals(bytes, at, at + name.length, name, 0, name.length)) {
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at + name.length + 4, value);
                return bytes;
            }
        }
    }

    private static byte[] put(byte[] bytes, int at, int value) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private static byte[] raw(long tensors, long keys, byte[]... parts) {
        byte[] bytes = new GgufMaker().bytes(tensors, keys);
        for (byte[] part : parts) {
            int length = bytes.length;
            bytes = Arrays.copyOf(bytes, length + part.length);
            System.arraycopy(part, 0, bytes, length, part.length);
        }
        return bytes;
    }

    @TestFactory
    Stream<DynamicTest> craftedOnesAreRefused() {
        return refused().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    Path path = Files.write(folder.resolve("bad.gguf"), entry.getValue());
                    FileFormatException error = COSTS.of(
                            path,
                            () -> catchThrowableOfType(
                                    FileFormatException.class,
                                    () -> Checkpoint.open(path).close()));
                    assertThat(error).isNotNull();
                    assertThat(error).hasMessageStartingWith(path.toString());
                    assertThat(error.offset()).isBetween(0L, (long) entry.getValue().length);
                }));
    }

    /** A file with every kind of value, three formats and a vocabulary. */
    static byte[] sound() {
        Random random = new Random(4);
        String[] tokens = new String[258];
        int[] types = new int[258];
        for (int b = 0; b < 256; b++) {
            tokens[b] = "<0x%02X>".formatted(b);
            types[b] = 6;
        }
        tokens[256] = "<s>";
        types[256] = 3;
        tokens[257] = "▁a";
        types[257] = 1;
        return GgufMaker.tinyLlama()
                .text("tokenizer.ggml.model", "llama")
                .texts("tokenizer.ggml.tokens", tokens)
                .numbers("tokenizer.ggml.scores", new float[258])
                .integers("tokenizer.ggml.token_type", types)
                .integer("tokenizer.ggml.bos_token_id", 256)
                .flag("tokenizer.ggml.add_space_prefix", true)
                .tensor(
                        "blk.0.attn_v.bias",
                        WeightFormat.Q4_K,
                        Blocks.drawn(WeightFormat.Q4_K, 1, random).bytes(),
                        256)
                .tensor(
                        "blk.0.attn_k.bias",
                        WeightFormat.Q5_0,
                        Blocks.drawn(WeightFormat.Q5_0, 8, random).bytes(),
                        8,
                        32)
                .bytes();
    }

    static void readAll(Path path) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            for (String name : checkpoint.names()) {
                GgufCheckpointTest.read(checkpoint, name);
            }
            checkpoint.tokenizer().ifPresent(tokenizer -> tokenizer.encode("a <s> é"));
        }
    }

    @Test
    void mutationsLoadOrAreRefused() throws IOException {
        mutate(4_000);
    }

    @Test
    @Tag("soak")
    void manyMutationsLoadOrAreRefused() throws IOException {
        mutate(200_000);
    }

    private void mutate(int count) throws IOException {
        byte[] sound = sound();
        Path path = Files.write(folder.resolve("mutated.gguf"), sound);
        readAll(path);
        Random random = new Random(20_26);
        int loaded = 0;
        for (int i = 0; i < count; i++) {
            Files.deleteIfExists(path);
            byte[] bytes = mutated(sound, random);
            Files.write(path, bytes);
            try {
                readAll(path);
                loaded++;
            } catch (FileFormatException expected) {
                assertThat(expected.offset()).isBetween(0L, (long) bytes.length);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("mutation " + i, e);
            }
        }
        assertThat(loaded).isBetween(1, count - 1);
        System.out.printf("gguf: %,d mutations, %,d loaded, %,d refused%n", count, loaded, count - loaded);
    }

    private static byte[] mutated(byte[] sound, Random random) {
        byte[] bytes = sound.clone();
        int header = sound.length - 3800; // most of what can go wrong is before the weights
        for (int changes = 1 + random.nextInt(3); changes > 0 && bytes.length > 8; changes--) {
            int at = random.nextInt(Math.min(bytes.length - 8, header));
            switch (random.nextInt(7)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> ByteBuffer.wrap(bytes).putLong(at, random.nextLong());
                case 3 -> bytes = Arrays.copyOf(bytes, 8 + random.nextInt(bytes.length));
                case 4 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(40));
                case 5 -> System.arraycopy(bytes, at, bytes, random.nextInt(at + 1), 8);
                default -> Arrays.fill(bytes, at, at + 8, (byte) -random.nextInt(2));
            }
        }
        return bytes;
    }

    @AfterAll
    static void report() {
        System.out.println("gguf: crafted: " + COSTS);
    }
}
