package org.espalier.data.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.espalier.data.ByteExamples;
import org.espalier.data.Dataset;
import org.espalier.data.Part;
import org.espalier.data.fetch.CachedDataset;
import org.espalier.data.fetch.Fetch;
import org.espalier.data.file.Digest;
import org.espalier.data.file.FileFormatException;

/** Ten classes of grey images in the four files that MNIST and its successors share. */
final class IdxImages {
    private static final int CLASSES = 10;

    static final Dataset.Shape FORM = new Dataset.Shape(List.of(1, 28, 28), CLASSES);

    private IdxImages() {}

    /** Refuses a file by its digest. */
    interface Check {
        void accept(String file, Digest found) throws IOException;
    }

    /** One part of the dataset {@code name}, fetched if it is not in the cache yet. */
    static Dataset open(String name, Path datasets, Part part, int holdout) throws IOException {
        CachedDataset cached = new Fetch(datasets).cached(name);
        return read(name, cached.folder(), part, holdout, cached::check);
    }

    /** One part of the four files in {@code folder}. */
    static Dataset read(String name, Path folder, Part part, int holdout, Check check) throws IOException {
        String files = part == Part.TEST ? "t10k" : "train";
        IdxFile images = IdxFile.read(folder.resolve(files + "-images-idx3-ubyte"), 3);
        IdxFile labels = IdxFile.read(folder.resolve(files + "-labels-idx1-ubyte"), 1);
        for (IdxFile file : List.of(images, labels)) {
            check.accept(file.file().getFileName().toString(), file.digest());
        }
        checkLabels(images, labels);
        ExampleSpan span = ExampleSpan.of(name, part, holdout, images.counts()[0]);
        Dataset.Shape form = new Dataset.Shape(List.of(1, images.counts()[1], images.counts()[2]), CLASSES);
        return new ByteExamples(
                span.name(),
                Digest.of(span + " " + images.digest() + " " + labels.digest()).sha256(),
                form,
                span.size(),
                new ByteExamples.Bytes(images.bytes(), images.from() + span.first() * form.features()),
                new ByteExamples.Bytes(labels.bytes(), labels.from() + span.first()));
    }

    private static void checkLabels(IdxFile images, IdxFile labels) throws FileFormatException {
        if (labels.counts()[0] != images.counts()[0]) {
            throw new FileFormatException(
                    labels.file(),
                    Integer.BYTES,
                    labels.counts()[0] + " labels for the " + images.counts()[0] + " images of "
                            + images.file().getFileName());
        }
        for (int i = labels.from(); i < labels.bytes().length; i++) {
            if ((labels.bytes()[i] & 255) >= CLASSES) {
                throw new FileFormatException(
                        labels.file(), i, "label " + (labels.bytes()[i] & 255) + " of " + CLASSES + " classes");
            }
        }
    }
}
