package org.espalier.select;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.espalier.data.Dataset;
import org.espalier.data.Part;
import org.espalier.data.source.ModularAddition;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Device;
import org.espalier.models.Init;
import org.espalier.models.Model;
import org.espalier.models.zoo.Lenet;

/** Small pools to select from. */
public final class Pools {
    private static final Device DEVICE = new CpuDevice(1);

    private Pools() {}

    /** Sums modulo 13, 45 of them, and a perceptron with one hidden layer of 12. */
    public static Candidates sums(int keep, long seed) {
        return of(sums(), keep, seed, Candidates.Progress.none());
    }

    public static Dataset sums() {
        return new ModularAddition(13, 0.5, Part.TRAIN, 0).open(Path.of("."));
    }

    public static Model perceptron(Dataset data, long seed) {
        return new Lenet(List.of(12), Init.GLOROT_NORMAL).build(data.shape(), data.classes(), seed);
    }

    public static Candidates of(Dataset data, int keep, long seed, Candidates.Progress progress) {
        return of(data, keep, seed, number -> perceptron(data, number), progress);
    }

    public static Candidates of(
            Dataset data, int keep, long seed, LongFunction<Model> fresh, Candidates.Progress progress) {
        Function<String, Model> none = name -> {
            throw new IllegalStateException("nothing was saved as " + name);
        };
        return new Candidates(
                data,
                keep,
                seed,
                DEVICE,
                new Candidates.Networks(fresh.apply(7), fresh, none),
                new Candidates.Sources(
                        Map.of("data", data)::get,
                        () -> {
                            throw new IllegalStateException("no tokenizer");
                        },
                        Path.of("../datasets")),
                progress);
    }

    /** The same pool for another device, its work not begun. */
    public static Candidates on(Device device, Candidates pool) {
        return new Candidates(
                pool.data(),
                pool.keep(),
                pool.seed(),
                device,
                pool.networks(),
                pool.sources(),
                Candidates.Progress.none());
    }
}
