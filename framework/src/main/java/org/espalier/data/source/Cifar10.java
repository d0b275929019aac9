package org.espalier.data.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.espalier.data.ByteExamples;
import org.espalier.data.Dataset;
import org.espalier.data.Part;
import org.espalier.data.Source;
import org.espalier.data.file.Digest;
import org.espalier.data.file.FileFormatException;
import org.espalier.spec.Default;

/**
 * Small colour photographs of ten kinds, (3, 32, 32) scaled to 0..1 (byte / 255, not centred): 50,000 to train on,
 * 10,000 to test. Read from the "binary version" where a person has put it; it is not fetched.
 *
 * @param part which part
 * @param holdout how many of the last training images are kept out of {@code train} and make up {@code holdout}
 * @param folder where {@code data_batch_1.bin} … {@code data_batch_5.bin} and {@code test_batch.bin} are; left out, it
 *     is {@code datasets/cache/cifar10}
 */
public record Cifar10(
        @Default("train") Part part, @Default("0") int holdout, Optional<String> folder) implements Source {
    private static final int CLASSES = 10;
    private static final int PIXELS = 3 * 32 * 32;
    private static final int RECORD = 1 + PIXELS;
    private static final Dataset.Shape FORM = new Dataset.Shape(List.of(3, 32, 32), CLASSES);

    public Cifar10 {
        ExampleSpan.check(part, holdout);
    }

    @Override
    public Dataset.Shape form() {
        return FORM;
    }

    @Override
    public int examples() {
        return ExampleSpan.examples(part, holdout, 50_000, 10_000);
    }

    @Override
    public Dataset open(Path datasets) throws IOException {
        Path from = folder.map(Path::of).orElse(datasets.resolve("cache").resolve("cifar10"));
        List<Path> files = part == Part.TEST
                ? List.of(from.resolve("test_batch.bin"))
                : IntStream.rangeClosed(1, 5)
                        .mapToObj(i -> from.resolve("data_batch_" + i + ".bin"))
                        .toList();
        return read(from, files);
    }

    private Dataset read(Path from, List<Path> files) throws IOException {
        int all = 0;
        for (Path file : files) {
            all += records(from, file);
        }
        ExampleSpan span = ExampleSpan.of("cifar10", part, holdout, all);
        byte[] pixels = new byte[all * PIXELS];
        byte[] labels = new byte[all];
        StringBuilder identity = new StringBuilder(span.toString());
        int next = 0;
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            identity.append(' ').append(Digest.of(bytes));
            for (int at = 0; at < bytes.length; at += RECORD, next++) {
                labels[next] = label(file, bytes, at);
                System.arraycopy(bytes, at + 1, pixels, next * PIXELS, PIXELS);
            }
        }
        return new ByteExamples(
                span.name(),
                Digest.of(identity.toString()).sha256(),
                FORM,
                span.size(),
                new ByteExamples.Bytes(pixels, span.first() * PIXELS),
                new ByteExamples.Bytes(labels, span.first()));
    }

    private static int records(Path from, Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("CIFAR-10 is not fetched: put the files of its binary version (data_batch_1.bin to"
                    + " data_batch_5.bin and test_batch.bin) into " + from.toAbsolutePath() + "; "
                    + file.getFileName() + " is missing there");
        }
        long size = Files.size(file);
        if (size == 0 || size % RECORD != 0 || size > 100_000L * RECORD) {
            throw new FileFormatException(
                    file, size - size % RECORD, size + " bytes are not a number of records of " + RECORD);
        }
        return (int) (size / RECORD);
    }

    private static byte label(Path file, byte[] bytes, int at) throws FileFormatException {
        if ((bytes[at] & 255) >= CLASSES) {
            throw new FileFormatException(file, at, "label " + (bytes[at] & 255) + " of " + CLASSES + " classes");
        }
        return bytes[at];
    }
}
