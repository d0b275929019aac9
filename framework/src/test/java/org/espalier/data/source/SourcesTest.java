package org.espalier.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.espalier.data.Dataset;
import org.espalier.data.Part;
import org.espalier.data.Source;
import org.espalier.data.file.FileFormatException;
import org.espalier.spec.Binder;
import org.espalier.spec.SpecException;
import org.espalier.spec.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourcesTest {
    @TempDir
    Path folder;

    private static Source bind(String yaml) {
        return Binder.bind(Source.class, Yaml.parse(yaml, "spec.yaml"));
    }

    @Test
    void aSpecNamesThem() {
        assertThat(bind("mnist")).isEqualTo(new Mnist(Part.TRAIN, 0));
        assertThat(bind("fashion-mnist: { part: holdout, holdout: 5000 }"))
                .isEqualTo(new FashionMnist(Part.HOLDOUT, 5000));
        assertThat(bind("cifar10: { part: test, folder: /data/cifar }"))
                .isEqualTo(new Cifar10(Part.TEST, 0, Optional.of("/data/cifar")));
        assertThat(bind("modular-addition")).isEqualTo(new ModularAddition(67, 0.4, Part.TRAIN, 0));
        assertThatThrownBy(() -> bind("mnist: { part: holdout }"))
                .isInstanceOf(SpecException.class)
                .hasMessageContaining("how many examples");
        assertThatThrownBy(() -> bind("mnist: { part: tset }")).hasMessageContaining("test");
    }

    @Test
    void modularAdditionSplitsPairsNotMirrorImages() {
        Dataset train = new ModularAddition(67, 0.4, Part.TRAIN, 0).open(folder);
        Dataset test = new ModularAddition(67, 0.4, Part.TEST, 0).open(folder);
        assertThat(train.size()).isEqualTo(911);
        assertThat(test.size()).isEqualTo(2278 - 911);
        assertThat(train.shape()).containsExactly(134);
        assertThat(train.classes()).isEqualTo(67);
        Set<Integer> pairs = new HashSet<>();
        for (Dataset data : new Dataset[] {train, test}) {
            for (int i = 0; i < data.size(); i++) {
                int[] pair = pair(data, i);
                assertThat(pair[0]).isLessThanOrEqualTo(pair[1]);
                assertThat(data.label(i)).isEqualTo((pair[0] + pair[1]) % 67);
                assertThat(pairs.add(pair[0] * 67 + pair[1])).isTrue();
            }
        }
        assertThat(pairs).hasSize(2278);
        System.out.println("modular addition: 2278 pairs, 911 to train on");
    }

    private static int[] pair(Dataset data, int example) {
        float[] row = new float[134];
        data.copy(example, row, 0);
        int[] pair = {-1, -1};
        for (int f = 0; f < 134; f++) {
            if (row[f] != 0) {
                assertThat(row[f]).isEqualTo(1);
                pair[f / 67] = f % 67;
            }
        }
        return pair;
    }

    @Test
    void anotherSeedShufflesOtherwise() {
        String one = new ModularAddition(67, 0.4, Part.TRAIN, 1).open(folder).digest();
        assertThat(new ModularAddition(67, 0.4, Part.TRAIN, 1).open(folder).digest())
                .isEqualTo(one);
        assertThat(new ModularAddition(67, 0.4, Part.TRAIN, 2).open(folder).digest())
                .isNotEqualTo(one);
        assertThatThrownBy(() -> new ModularAddition(67, 0.4, Part.HOLDOUT, 1)).hasMessageContaining("no holdout");
        assertThatThrownBy(() -> new ModularAddition(67, 1, Part.TRAIN, 1)).hasMessageContaining("share");
    }

    @Test
    void cifarIsReadFromItsBinaryFiles() throws IOException {
        Random random = new Random(5);
        byte[] batch = new byte[3 * 3073];
        for (int file = 1; file <= 5; file++) {
            random.nextBytes(batch);
            for (int i = 0; i < 3; i++) {
                batch[i * 3073] = (byte) (file + i);
            }
            Files.write(folder.resolve("data_batch_" + file + ".bin"), batch);
        }
        Dataset train = new Cifar10(Part.TRAIN, 2, Optional.of(folder.toString())).open(folder);
        Dataset holdout = new Cifar10(Part.HOLDOUT, 2, Optional.of(folder.toString())).open(folder);
        assertThat(train.size()).isEqualTo(13);
        assertThat(train.shape()).containsExactly(3, 32, 32);
        assertThat(train.label(4)).isEqualTo(3);
        assertThat(holdout.label(1)).isEqualTo(7);
        float[] row = new float[3072];
        holdout.copy(1, row, 0);
        assertThat(row[3071]).isEqualTo((batch[3 * 3073 - 1] & 255) / 255f);
        assertThat(row[0]).isEqualTo((batch[2 * 3073 + 1] & 255) / 255f);
    }

    @Test
    void cifarThatIsNotThereSaysWhereToPutIt() throws IOException {
        Cifar10 source = new Cifar10(Part.TEST, 0, Optional.empty());
        assertThatThrownBy(() -> source.open(folder))
                .hasMessageContainingAll(
                        "test_batch.bin", folder.resolve("cache/cifar10").toString());
        Path place = Files.createDirectories(folder.resolve("cache/cifar10")).resolve("test_batch.bin");
        Files.write(place, new byte[3074]);
        assertThatThrownBy(() -> source.open(folder))
                .isInstanceOf(FileFormatException.class)
                .hasMessageContaining("byte 3073");
        byte[] eleven = new byte[3073];
        eleven[0] = 11;
        Files.write(place, eleven);
        assertThatThrownBy(() -> source.open(folder)).hasMessageContainingAll("byte 0", "label 11");
    }
}
