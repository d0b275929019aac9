package org.espalier.data.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.espalier.reliability.ReadingCosts;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Files made to break a reader: legal ones load, all others end in one typed error, soon and without eating memory. */
class HostileSafetensorsTest {
    /** {@link #largeOnesNeedLittleHeap} counts what is not free again at once. */
    private static final ReadingCosts COSTS = new ReadingCosts(128L << 20);

    @TempDir
    Path folder;

    private static byte[] file(String json, int data) {
        return file(json, data, UTF_8);
    }

    private static byte[] file(String json, int data, Charset charset) {
        byte[] header = json.getBytes(charset);
        return raw(header.length, header, data);
    }

    private static byte[] raw(long length, byte[] header, int data) {
        return ByteBuffer.allocate(8 + header.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(header)
                .array();
    }

    /** One F32 tensor of the given shape and offsets. */
    private static String tensor(String shape, String offsets) {
        return "{\"a\":{\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}}";
    }

    private static String bytes(String name, int begin, int end) {
        return "\"" + name + "\":{\"dtype\":\"U8\",\"shape\":[" + (end - begin) + "],\"data_offsets\":[" + begin + ","
                + end + "]}";
    }

    private static Map<String, byte[]> refused() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("no byte", new byte[0]);
        files.put("seven bytes", new byte[7]);
        files.put("eight bytes", new byte[8]);
        files.put("header of 2^63 bytes", raw(Long.MIN_VALUE, new byte[8], 0));
        files.put("header of 2^64 - 1 bytes", raw(-1, new byte[8], 0));
        files.put("header over 100 MB", raw(100_000_001, "{}".getBytes(UTF_8), 0));
        files.put("header over 25 MB", raw(25_000_001, "{}".getBytes(UTF_8), 25_000_000));
        files.put("header longer than the file", raw(3, "{}".getBytes(UTF_8), 0));
        files.put("not UTF-8", raw(3, new byte[] {'{', (byte) 0xFF, '}'}, 0));
        files.put("cut inside a character", raw(2, new byte[] {'{', (byte) 0xC3}, 0));
        files.put("a surrogate in UTF-8", raw(5, new byte[] {'{', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '}'}, 0));
        files.put("a list", file("[]", 0));
        files.put("a space first", file(" {}", 0));
        files.put("unclosed", file("{\"a\":", 0));
        files.put("text after the brace", file("{}{}", 0));
        files.put("a zero byte after the brace", file("{}\0", 0));
        files.put("a comment", file("{/* */}", 0));
        files.put("duplicate tensor", file("{" + bytes("a", 0, 1) + "," + bytes("a", 1, 2) + "}", 2));
        files.put(
                "duplicate dtype",
                file("{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1]}}", 1));
        files.put("duplicate metadata key", file("{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}", 0));
        files.put("two metadata", file("{\"__metadata__\":{},\"__metadata__\":{}}", 0));
        files.put("nested metadata", file("{\"__metadata__\":{\"a\":{\"b\":\"c\"}}}", 0));
        files.put("a number as metadata", file("{\"__metadata__\":{\"a\":1}}", 0));
        files.put("metadata that is a list", file("{\"__metadata__\":[]}", 0));
        files.put("a hole at the start", file(tensor("[1]", "[4,8]"), 8));
        files.put("a hole between", file("{" + bytes("a", 0, 1) + "," + bytes("b", 2, 3) + "}", 3));
        files.put("an overlap", file("{" + bytes("a", 0, 2) + "," + bytes("b", 1, 3) + "}", 3));
        files.put("two on one region", file("{" + bytes("a", 0, 2) + "," + bytes("b", 0, 2) + "}", 2));
        files.put("an empty one inside another", file("{" + bytes("a", 0, 2) + "," + bytes("b", 1, 1) + "}", 2));
        files.put("reversed offsets", file(tensor("[1]", "[4,0]"), 4));
        files.put("trailing bytes", file(tensor("[1]", "[0,4]"), 5));
        files.put("missing bytes", file(tensor("[2]", "[0,8]"), 7));
        files.put("no data at all", file(tensor("[1]", "[0,4]"), 0));
        files.put("a dimension of 2^63", file(tensor("[9223372036854775808]", "[0,4]"), 4));
        files.put("a dimension of 2^63 - 1", file(tensor("[9223372036854775807]", "[0,4]"), 4));
        files.put("a number of 10,000 digits", file(tensor("[1" + "0".repeat(9999) + "]", "[0,4]"), 4));
        files.put("a negative dimension", file(tensor("[-1,-1]", "[0,4]"), 4));
        files.put("minus zero", file(tensor("[-0]", "[0,0]"), 0));
        files.put("a product that wraps", file(tensor("[4294967296,4294967296]", "[0,0]"), 0));
        files.put("a product that wraps before a zero", file(tensor("[4611686018427387904,4,0]", "[0,0]"), 0));
        files.put("an end of 2^63 - 1", file(tensor("[1]", "[9223372036854775803,9223372036854775807]"), 4));
        files.put("a fraction", file(tensor("[1.0]", "[0,4]"), 4));
        files.put("an exponent", file(tensor("[1e0]", "[0,4]"), 4));
        files.put("NaN as a dimension", file(tensor("[NaN]", "[0,4]"), 4));
        files.put("unknown dtype", file("{\"a\":{\"dtype\":\"F31\",\"shape\":[],\"data_offsets\":[0,4]}}", 4));
        files.put("lower-case dtype", file("{\"a\":{\"dtype\":\"f32\",\"shape\":[],\"data_offsets\":[0,4]}}", 4));
        files.put("a number as dtype", file("{\"a\":{\"dtype\":32,\"shape\":[],\"data_offsets\":[0,4]}}", 4));
        files.put("fewer bytes than the shape", file(tensor("[2]", "[0,4]"), 4));
        files.put("more bytes than the shape", file(tensor("[]", "[0,8]"), 8));
        files.put("no shape", file("{\"a\":{\"dtype\":\"U8\",\"data_offsets\":[0,1]}}", 1));
        files.put("one offset", file(tensor("[]", "[0]"), 4));
        files.put("three offsets", file(tensor("[]", "[0,4,8]"), 4));
        files.put("a tensor that is null", file("{\"a\":null}", 0));
        files.put("an unknown key", file("{\"a\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1],\"x\":1}}", 1));
        files.put("65 dimensions", file(tensor("[" + "1,".repeat(64) + "1]", "[0,4]"), 4));
        files.put("nested a thousand deep", file("{\"a\":" + "[".repeat(1000), 0));
        files.put("half a million tensors on one byte", million());
        files.put("two million metadata entries", metadata());
        files.put("UTF-16", file("{}", 0, StandardCharsets.UTF_16LE));
        files.put("UTF-32", file("{}", 0, Charset.forName("UTF-32LE")));
        return files;
    }

    private static byte[] metadata() {
        return many(1_900_000, i -> "\"%x\":\"\"".formatted(i), "{\"__metadata__\":{", "}}");
    }

    private static byte[] million() {
        return many(
                450_000, i -> "\"%x\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1]}".formatted(i), "{", "}");
    }

    private static byte[] many(int count, IntFunction<String> entry, String before, String after) {
        return file(IntStream.range(0, count).mapToObj(entry).collect(Collectors.joining(",", before, after)), 1);
    }

    private static Map<String, byte[]> legal() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("no tensor", file("{}", 0));
        files.put("spaces after the brace", file("{}      ", 0));
        files.put("a scalar", file(tensor("[]", "[0,4]"), 4));
        files.put("an empty tensor", file(tensor("[0]", "[0,0]"), 0));
        files.put("an empty tensor of many dimensions", file(tensor("[1000000,0,1000000]", "[0,0]"), 0));
        files.put("NaN and infinity", nan());
        files.put("another order than the data's", file("{" + bytes("b", 2, 3) + "," + bytes("a", 0, 2) + "}", 3));
        files.put(
                "empty ones at both ends",
                file("{" + bytes("a", 0, 0) + "," + bytes("b", 0, 2) + "," + bytes("c", 2, 2) + "}", 2));
        files.put("half precision", file("{\"a\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,2]}}", 2));
        files.put(
                "escapes and other scripts",
                file("{\"__metadata__\":{\"\\u00e4\":\"\\n\"}," + bytes("重み", 0, 1) + "}", 1));
        return files;
    }

    private static byte[] nan() {
        byte[] file = file(tensor("[2]", "[0,8]"), 8);
        ByteBuffer.wrap(file)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(file.length - 8, 0x7FC00001)
                .putInt(file.length - 4, 0xFF800000);
        return file;
    }

    @TestFactory
    Stream<DynamicTest> craftedOnesAreRefused() {
        return refused().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    Path path = Files.write(folder.resolve("bad"), entry.getValue());
                    FileFormatException error = COSTS.of(
                            path,
                            () -> catchThrowableOfType(
                                    FileFormatException.class,
                                    () -> Safetensors.open(path).close()));
                    assertThat(error).isNotNull();
                    assertThat(error).hasMessageStartingWith(path + ", byte ");
                    assertThat(error.offset()).isBetween(0L, (long) entry.getValue().length);
                }));
    }

    @TestFactory
    Stream<DynamicTest> legalOnesLoad() {
        return legal().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    Path path = Files.write(folder.resolve("good"), entry.getValue());
                    COSTS.of(path, () -> {
                        readAll(path);
                        return null;
                    });
                }));
    }

    /** What the process of {@link #largeOnesNeedLittleHeap} runs. */
    public static final class Opening {
        public static void main(String[] arguments) throws IOException {
            try (Safetensors file = Safetensors.open(Path.of(arguments[0]))) {
                throw new IllegalStateException("loaded " + file.tensors().size());
            } catch (FileFormatException refused) {
                System.out.println(refused.getMessage());
            }
        }
    }

    @Test
    void largeOnesNeedLittleHeap() throws Exception {
        for (byte[] content : List.of(million(), metadata())) {
            Path path = Files.write(folder.resolve("large"), content);
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx" + (content.length / 1024 + (64 << 10)) + "k",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Opening.class.getName(),
                            path.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor()).as(said).isZero();
            assertThat(said).contains("more than 65536");
            System.out.printf(
                    "safetensors: %.1f MB refused within %.1f MB of heap%n",
                    content.length / 1e6, content.length / 1e6 + 64);
        }
    }

    /** The bytes of a file with every kind of array, which is written to {@code path}. */
    static byte[] sound(Path path) throws IOException {
        new SafetensorsWriter()
                .metadata("format", "espalier")
                .floats("weight", new float[12], 3, 4)
                .ints("ids", new int[3])
                .longs("steps", new long[2])
                .booleans("flags", new boolean[5])
                .mask("mask", new boolean[20], 4, 5)
                .scalar("rate", 1)
                .write(path);
        return Files.readAllBytes(path);
    }

    static int readAll(Path path) throws IOException {
        try (Safetensors file = Safetensors.open(path)) {
            for (StoredTensor tensor : file.tensors().values()) {
                switch (tensor.type()) {
                    case F32 -> assertThat(file.floats(tensor.name())).hasSize((int) tensor.elements());
                    case I32 -> assertThat(file.ints(tensor.name())).hasSize((int) tensor.elements());
                    case I64 -> assertThat(file.longs(tensor.name())).hasSize((int) tensor.elements());
                    case BOOL -> assertThat(file.booleans(tensor.name())).hasSize((int) tensor.elements());
                    default -> assertThat(file.raw(tensor.name()).remaining()).isEqualTo((int) tensor.bytes());
                }
                if (file.metadata().containsKey(PackedMask.key(tensor.name())) && tensor.type() == ElementType.U8) {
                    file.mask(tensor.name());
                }
            }
            return file.tensors().size();
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
        byte[] sound = sound(folder.resolve("good"));
        Random random = new Random(20_26);
        Path path = folder.resolve("mutated");
        int loaded = 0;
        for (int i = 0; i < count; i++) {
            Files.deleteIfExists(path); // some file systems flush a file that is truncated and written again
            Files.write(path, mutated(sound, random));
            try {
                readAll(path);
                loaded++;
            } catch (FileFormatException expected) {
                assertThat(expected.offset()).isGreaterThanOrEqualTo(0);
            }
        }
        assertThat(loaded).isBetween(1, count - 1);
        System.out.printf("safetensors: %,d mutations, %,d loaded, %,d refused%n", count, loaded, count - loaded);
    }

    private static byte[] mutated(byte[] sound, Random random) {
        byte[] bytes = sound.clone();
        for (int changes = 1 + random.nextInt(3); changes > 0 && bytes.length > 0; changes--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(7)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> bytes[at] = (byte) "0123456789-.e,:\"{}[] ".charAt(random.nextInt(21));
                case 3 -> bytes = Arrays.copyOf(bytes, at);
                case 4 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(20));
                case 5 -> System.arraycopy(bytes, at, bytes, random.nextInt(at + 1), Math.min(8, bytes.length - at));
                default -> bytes = without(bytes, at);
            }
        }
        return bytes;
    }

    private static byte[] without(byte[] bytes, int at) {
        byte[] shorter = Arrays.copyOf(bytes, bytes.length - 1);
        System.arraycopy(bytes, at + 1, shorter, at, shorter.length - at);
        return shorter;
    }

    @Test
    void aLongerHeaderIsReadOnRequest() throws IOException {
        Path path = Files.write(folder.resolve("long"), file("{}" + " ".repeat(25_000_000), 0));
        try (Safetensors file = Safetensors.open(path, Safetensors.HARD_HEADER_LIMIT)) {
            assertThat(file.tensors()).isEmpty();
        }
    }

    @AfterAll
    static void report() {
        System.out.println("safetensors: crafted: " + COSTS);
    }
}
