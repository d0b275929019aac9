package org.espalier.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.espalier.data.Dataset;
import org.espalier.data.Part;
import org.junit.jupiter.api.Test;

/** The real data, fetched if it is not in the cache. */
class MnistTest {
    /** Tests run in the module's folder. */
    static final Path DATASETS = Path.of("").toAbsolutePath().getParent().resolve("datasets");

    @Test
    void trainingImagesAreTheKnownOnes() throws IOException {
        Dataset train = new Mnist(Part.TRAIN, 0).open(DATASETS);
        assertThat(train.size()).isEqualTo(60_000);
        assertThat(train.shape()).containsExactly(1, 28, 28);
        assertThat(train.classes()).isEqualTo(10);
        assertThat(labels(train, 5)).containsExactly(5, 0, 4, 1, 9);
        assertThat(pixelSum(train, 0)).isEqualTo(27_525);
        assertThat(meanPixel(train)).isEqualTo(33.318421, within(1e-6));
        System.out.println("MNIST: 60,000 training images, mean pixel " + meanPixel(train));
    }

    @Test
    void testImagesAreTheKnownOnes() throws IOException {
        Dataset test = new Mnist(Part.TEST, 0).open(DATASETS);
        assertThat(test.size()).isEqualTo(10_000);
        assertThat(labels(test, 5)).containsExactly(7, 2, 1, 0, 4);
        assertThat(pixelSum(test, 0)).isEqualTo(18_454);
    }

    @Test
    void fashionIsTheKnownOne() throws IOException {
        Dataset train = new FashionMnist(Part.TRAIN, 0).open(DATASETS);
        Dataset test = new FashionMnist(Part.TEST, 0).open(DATASETS);
        assertThat(labels(train, 5)).containsExactly(9, 0, 0, 3, 0);
        assertThat(labels(test, 5)).containsExactly(9, 2, 1, 1, 6);
        assertThat(meanPixel(train)).isEqualTo(72.940352, within(1e-6));
        System.out.println("Fashion-MNIST: 60,000 training images, mean pixel " + meanPixel(train));
    }

    @Test
    void holdoutIsTheEndOfTheTrainingFile() throws IOException {
        Dataset all = new Mnist(Part.TRAIN, 0).open(DATASETS);
        Dataset train = new Mnist(Part.TRAIN, 5000).open(DATASETS);
        Dataset holdout = new Mnist(Part.HOLDOUT, 5000).open(DATASETS);
        assertThat(train.size()).isEqualTo(55_000);
        assertThat(holdout.size()).isEqualTo(5_000);
        assertThat(row(train, 54_999)).isEqualTo(row(all, 54_999));
        assertThat(row(holdout, 0)).isEqualTo(row(all, 55_000));
        assertThat(holdout.label(4_999)).isEqualTo(all.label(59_999));
        assertThat(train.name()).isEqualTo("mnist/train");
        assertThat(train.digest()).hasSize(64).isNotEqualTo(holdout.digest()).isNotEqualTo(all.digest());
    }

    @Test
    void examplesOutsideThePartAreRefused() throws IOException {
        Dataset train = new Mnist(Part.TRAIN, 5000).open(DATASETS);
        assertThatThrownBy(() -> train.label(55_000)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static int[] labels(Dataset data, int count) {
        return IntStream.range(0, count).map(data::label).toArray();
    }

    private static float[] row(Dataset data, int example) {
        float[] row = new float[data.features()];
        data.copy(example, row, 0);
        return row;
    }

    private static long pixelSum(Dataset data, int example) {
        double sum = 0;
        for (float value : row(data, example)) {
            sum += value * 255.0;
        }
        return Math.round(sum);
    }

    private static double meanPixel(Dataset data) {
        double sum = 0;
        for (int i = 0; i < data.size(); i++) {
            sum += pixelSum(data, i);
        }
        return sum / data.size() / data.features();
    }
}
