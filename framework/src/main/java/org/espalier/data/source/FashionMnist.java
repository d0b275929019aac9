package org.espalier.data.source;

import java.io.IOException;
import java.nio.file.Path;
import org.espalier.data.Dataset;
import org.espalier.data.Part;
import org.espalier.data.Source;
import org.espalier.spec.Default;

/**
 * Pictures of clothing in the form of MNIST: 28×28 grey pixels scaled to 0..1 (pixel / 255, not centred), 60,000 to
 * train on, 10,000 to test.
 *
 * @param part which part
 * @param holdout how many of the training file's last images are kept out of {@code train} and make up {@code holdout}
 */
public record FashionMnist(
        @Default("train") Part part, @Default("0") int holdout) implements Source {
    public FashionMnist {
        ExampleSpan.check(part, holdout);
    }

    @Override
    public Dataset.Shape form() {
        return IdxImages.FORM;
    }

    @Override
    public int examples() {
        return ExampleSpan.examples(part, holdout, 60_000, 10_000);
    }

    @Override
    public Dataset open(Path datasets) throws IOException {
        return IdxImages.open("fashion-mnist", datasets, part, holdout);
    }
}
