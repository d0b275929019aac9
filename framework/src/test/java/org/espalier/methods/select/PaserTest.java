package org.espalier.methods.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.espalier.data.Dataset;
import org.espalier.data.corpus.TextFile;
import org.espalier.data.source.Windows;
import org.espalier.data.text.BytePairs;
import org.espalier.data.text.Tokenizer;
import org.espalier.engine.Parameter;
import org.espalier.engine.ops.RotaryScaling;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Device;
import org.espalier.models.Init;
import org.espalier.models.Model;
import org.espalier.models.zoo.Llama;
import org.espalier.select.Candidates;
import org.espalier.select.Pools;
import org.espalier.select.Selection;
import org.espalier.select.Selector;
import org.espalier.spec.Binder;
import org.espalier.spec.Yaml;
import org.espalier.train.NamedArrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PaserTest {
    private static final Tokenizer BYTES = BytePairs.train("", 258);
    private static final Device DEVICE = new CpuDevice(2);

    @TempDir
    static Path folder;

    private static Dataset windows;

    @BeforeAll
    static void open() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 40; i++)
            text.append("the cat sat on the mat near river stone number ")
                    .append((char) ('a' + i % 26))
                    .append(i % 3 == 0 ? " while green birds sang. " : " before cold winds blew. ");
        Path file = Files.writeString(folder.resolve("a.txt"), text.toString());
        windows = new Windows(new TextFile(file.toString()), 40, "all", Windows.At.CONTIGUOUS, Windows.Bos.EACH, 0)
                .open(folder, () -> BYTES);
    }

    private static Model llama(long seed) {
        return new Llama(
                        BYTES.vocabulary(),
                        16,
                        1,
                        2,
                        Optional.of(2),
                        Optional.empty(),
                        24,
                        64,
                        10_000,
                        new RotaryScaling.Unscaled(),
                        1e-5,
                        false,
                        Init.GLOROT_NORMAL)
                .build(new int[] {40}, 0, seed);
    }

    private static Model pruned() {
        Model model = llama(1);
        for (Parameter weight : model.weights()) {
            float[] mask = new float[weight.size()];
            for (int i = 0; i < mask.length; i += 2) mask[i] = 1;
            weight.mask(mask);
        }
        return model;
    }

    private static Candidates pool(int keep, Model now, Candidates.Progress progress) {
        Function<String, Model> saved = name -> {
            assertThat(name).isEqualTo("dense");
            return llama(1);
        };
        return new Candidates(
                windows,
                keep,
                5,
                DEVICE,
                new Candidates.Networks(now, PaserTest::llama, saved),
                new Candidates.Sources(Map.of("train", windows)::get, () -> BYTES, Path.of("../datasets")),
                progress);
    }

    private static Paser paser(String parameters) {
        String encoder = Path.of("src/test/resources/golden/tiny-bert/model")
                .toAbsolutePath()
                .toString();
        String yaml = "paser: { encoder: " + encoder + ", tokens: 30, most: 4" + parameters + " }";
        return (Paser) Binder.bind(Selector.class, Yaml.parse(yaml, "paser"));
    }

    private static Selection select(String parameters, int keep, Model now) {
        try {
            return paser(parameters).select(pool(keep, now, Candidates.Progress.none()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void keepsTheEfficientOfEachClusterByItsDivergence() {
        Selection chosen = select(", concepts: 0, clusters: 3", 20, pruned());
        double[] divergence = chosen.columns().get("divergence"),
                cluster = chosen.columns().get("cluster");
        double[] sum = new double[3];
        int[] size = new int[3], taken = new int[3];
        for (int i = 0; i < cluster.length; i++) {
            assertThat(divergence[i]).isPositive().isLessThan(Math.log(2));
            assertThat(chosen.scores()[i]).isCloseTo(divergence[i] / Math.log(40 * 40), within(1e-12));
            sum[(int) cluster[i]] += divergence[i];
            size[(int) cluster[i]]++;
        }
        for (int id : chosen.ids()) taken[(int) cluster[id]]++;
        double total = 0;
        for (int c = 0; c < 3; c++) total += size[c] == 0 ? 0 : sum[c] / size[c];
        for (int c = 0; c < 3; c++) {
            double quota = size[c] == 0 ? 0 : 20 * sum[c] / size[c] / total;
            if (Arrays.stream(size).allMatch(s -> s > 15))
                assertThat((double) taken[c]).isCloseTo(quota, within(1.0));
        }
        assertThat(chosen.ids()).hasSize(20);
        for (int id : chosen.ids())
            for (int other = 0; other < cluster.length; other++)
                if (cluster[other] == cluster[id] && chosen.scores()[other] > chosen.scores()[id])
                    assertThat(chosen.ids()).contains(other);
    }

    @Test
    void anUnprunedNetworkSharesTheBudgetEqually() {
        Selection chosen = select(", concepts: 0, clusters: 2", 10, llama(1));
        assertThat(chosen.columns().get("divergence")).containsOnly(0.0);
        int[] taken = new int[2], size = new int[2];
        double[] cluster = chosen.columns().get("cluster");
        for (double c : cluster) size[(int) c]++;
        for (int id : chosen.ids()) taken[(int) cluster[id]]++;
        assertThat(size[0]).isGreaterThan(5);
        assertThat(size[1]).isGreaterThan(5);
        assertThat(taken).containsExactly(5, 5);
    }

    @Test
    void sumsGrowWithTheLengthAndMeansDoNot() {
        double[] mean =
                select(", concepts: 0, clusters: 2", 10, pruned()).columns().get("divergence");
        double[] sum = select(", concepts: 0, clusters: 2, divergence: sum", 10, pruned())
                .columns()
                .get("divergence");
        for (int i = 0; i < mean.length; i++) assertThat(sum[i]).isCloseTo(39 * mean[i], within(1e-5));
    }

    @Test
    void conflictingConceptsAreRefusedAndTheirBudgetSharedOrLost() {
        Selection shared = select(", clusters: 3, concepts: 3", 40, pruned());
        Selection lost = select(", clusters: 3, concepts: 3, leftover: lost", 40, pruned());
        assertThat(shared.facts().get("refused")).isPositive();
        assertThat(lost.ids().length).isLessThan(40).isPositive();
        assertThat(shared.ids().length)
                .isGreaterThanOrEqualTo(lost.ids().length)
                .isLessThanOrEqualTo(40);
    }

    @Test
    void theNumberOfClustersIsThatOfTheLeastError() {
        Selection chosen = select(", concepts: 0", 10, pruned());
        double error = chosen.facts().get("factorisation-error");
        double clusters = chosen.facts().get("clusters");
        assertThat(clusters).isBetween(2.0, 4.0);
        for (int k = 2; k <= 4; k++) {
            double other = select(", concepts: 0, clusters: " + k, 10, pruned())
                    .facts()
                    .get("factorisation-error");
            assertThat(error).isLessThanOrEqualTo(other);
            if (k == clusters) assertThat(error).isEqualTo(other);
        }
    }

    @Test
    void goesOnWhereItWasAndLeavesTheModelAlone() throws IOException {
        Selection whole = select(", clusters: 2", 10, pruned());
        Map<String, float[]> kept = new HashMap<>();
        NamedArrays arrays = new NamedArrays();
        int[] left = {2};
        Candidates.Progress killed = new Candidates.Progress(arrays, prepare -> {
            if (--left[0] > 0) return;
            arrays.all().forEach((name, array) -> kept.put(name, array.clone()));
            throw new IllegalStateException("killed");
        });
        Model now = pruned();
        float[] before = now.weights().getFirst().value().clone();
        try {
            paser(", clusters: 2").select(pool(10, now, killed));
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("killed");
        }
        NamedArrays again = new NamedArrays();
        kept.forEach(again::put);
        assertThat(kept.get("paser/done")[0]).isPositive();
        Selection resumed = paser(", clusters: 2").select(pool(10, now, new Candidates.Progress(again, prepare -> {})));
        assertThat(resumed.scores()).isEqualTo(whole.scores());
        assertThat(resumed.ids()).isEqualTo(whole.ids());
        assertThat(now.weights().getFirst().value()).isEqualTo(before);
    }

    @Test
    void bitsDoNotDependOnThreads() throws IOException {
        Selection two = select(", clusters: 3", 10, pruned());
        Candidates pool = pool(10, pruned(), Candidates.Progress.none());
        for (int threads : new int[] {1, 3}) {
            try (CpuDevice device = new CpuDevice(threads)) {
                Selection other = paser(", clusters: 3").select(Pools.on(device, pool));
                assertThat(other.scores()).isEqualTo(two.scores());
                assertThat(other.columns().get("cluster"))
                        .isEqualTo(two.columns().get("cluster"));
            }
        }
    }

    @Test
    void refusesOtherNetworks() {
        Dataset sums = Pools.sums();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> paser("").check(Pools.perceptron(sums, 1), sums.form()))
                .withMessageContaining("language models");
        assertThat(paser("").saves()).isEqualTo(java.util.Set.of("dense"));
        assertThat(List.of(paser("").most())).containsExactly(4);
    }
}
