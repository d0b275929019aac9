package org.espalier.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.espalier.data.TokenWindows;
import org.espalier.kernels.Pointwise;
import org.espalier.launch.Choice;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Device;
import org.espalier.launch.Launch;
import org.espalier.launch.MeasuredStep;
import org.espalier.launch.Plan;
import org.espalier.launch.RecordedStep;
import org.espalier.launch.RecordingDevice;
import org.espalier.launch.TornadoDevice;
import org.espalier.models.Model;
import org.espalier.models.Zoo;
import org.espalier.spec.Binder;
import org.espalier.spec.Yaml;
import org.espalier.train.Course;
import org.espalier.train.NamedArrays;
import org.espalier.train.Optimiser;
import org.espalier.train.Trainer;

/**
 * Training steps on a GPU beside the CPU, whole and by kernel: one table for each network, and a CSV file with all of them. What is in a
 * row is said where it is printed.
 */
public final class GpuBenchmark {
    private static final int REPETITIONS = 5;
    private static final int SMALL = 64;

    private final List<String> csv = new ArrayList<>(
            List.of(
                    "device,network,row,launches,device milliseconds,cpu milliseconds,share of the step,GB/s,GFLOP/s,operations of a launch"));
    private final TornadoDevice gpu;
    private final CpuDevice cpu;
    private final String device;

    /** Seconds that a launch takes whatever it does. */
    private final double dispatch;

    private GpuBenchmark(TornadoDevice gpu, CpuDevice cpu, String device) {
        this.gpu = gpu;
        this.cpu = cpu;
        this.device = device;
        this.dispatch = dispatch(gpu);
        System.out.printf(Locale.ROOT, "dispatch of a launch, by %d of one entry: %.3g us%n", SMALL, dispatch * 1e6);
    }

    private static double dispatch(TornadoDevice gpu) {
        List<Launch> small = new ArrayList<>();
        float[] to = new float[1], from = new float[1];
        for (int i = 0; i < SMALL; i++) small.add(Launch.of("small", 1, Pointwise::copy, to, from, 0));
        RecordedStep step = new RecordedStep(List.of(small), List.of(new RecordedStep.Run(0)));
        double least = Double.MAX_VALUE;
        try (MeasuredStep measured = new MeasuredStep(gpu, step)) {
            for (int r = 0; r < 10 * REPETITIONS; r++)
                least = Math.min(least, measured.run().run());
        }
        return least / SMALL;
    }

    /** @param arguments the CSV file to write, and what the device is called: gpu, gpu:1 … */
    public static void main(String[] arguments) throws IOException {
        String name = arguments[1];
        int number = name.equals("gpu") ? 0 : Integer.parseInt(name.substring(4));
        try (TornadoDevice gpu = TornadoDevice.open(name, 1);
                CpuDevice cpu = CpuDevice.ofThisMachine()) {
            TornadoDevice.Offer offer = TornadoDevice.offers().get(number);
            String device = offer.device() + "; " + offer.kind() + "; " + offer.backend() + " by " + offer.driver();
            System.out.println("device: " + device);
            System.out.println("cpu:    " + cpu.threads() + " threads, host bodies");
            GpuBenchmark benchmark = new GpuBenchmark(gpu, cpu, device.replace(',', ';'));
            benchmark.measure("LeNet-300-100 of batch 60", on -> images(on, "{ lenet: { hidden: [300, 100] } }"));
            benchmark.measure("Conv-2 of batch 60", on -> images(on, "{ conv: { blocks: 2 } }"));
            benchmark.measure("Llama of 0.7 M weights with 8 windows of 128", GpuBenchmark::llama);
            choices(gpu);
            Files.write(Path.of(arguments[0]), benchmark.csv);
        }
    }

    /** Which of the kernels that compute the same the device runs, and what each took on the first launch of about that size. */
    private static void choices(TornadoDevice gpu) {
        System.out.printf("%n%-24s %-36s %-36s %s%n", "kernel", "sizes of its first launch", "used", "milliseconds");
        for (Choice choice : gpu.choices()) {
            StringBuilder times = new StringBuilder();
            choice.nanoseconds()
                    .forEach((kernel, time) ->
                            times.append(String.format(Locale.ROOT, "%s %.3g  ", kernel, time / 1e6)));
            System.out.printf("%-24s %-36s %-36s %s%n", choice.kernel(), choice.sizes(), choice.used(), times);
        }
    }

    private static void images(Device device, String zoo) {
        new Workload(device, zoo, 1e-3, Workload.random(600, 1, 28, 28)).train(3);
    }

    private static void llama(Device device) {
        String llama = "{ llama: { vocabulary: 1024, width: 128, layers: 2, heads: 4, hidden: 344, tied: true } }";
        Model model = Binder.bind(Zoo.class, Yaml.parse(llama, "benchmark")).build(new int[] {128}, 0, 1);
        int[] tokens = new SplittableRandom(1).ints(16 * 128, 0, 1024).toArray();
        int[] starts = IntStream.range(0, 16).map(i -> i * 128).toArray();
        Optimiser adamw = Binder.bind(Optimiser.class, Yaml.parse("{ adamw: { rate: 1e-3 } }", "benchmark"));
        Course course = new Course(8, 3, 0, adamw, 0, false);
        TokenWindows data = new TokenWindows("random", "", 1024, 128, tokens, starts);
        new Trainer(device, model, data, course, 1, "benchmark", new NamedArrays()).train(0, (step, loss) -> true);
    }

    private void measure(String network, Consumer<Device> train) {
        RecordedStep step;
        try (RecordingDevice recording = new RecordingDevice()) {
            train.accept(recording);
            step = recording.lastStep();
        }
        List<Launch> launches = step.launches();
        double[] there, here = new double[launches.size()];
        MeasuredStep.Seconds best;
        int graphs;
        try (MeasuredStep measured = new MeasuredStep(gpu, step)) {
            best = measured.run();
            for (int r = 0; r < REPETITIONS; r++) best = better(best, measured.run());
            measured.kernels(); // the profiler's own first time
            there = measured.kernels();
            for (int r = 1; r < REPETITIONS; r++) lower(there, measured.kernels());
            graphs = measured.graphs();
        }
        List<Plan> plans = cpu.compileTogether(step.parts());
        double whole = least(1, () -> step.replay(plans));
        for (int i = 0; i < here.length; i++) here[i] = least(0.02, cpu.compile(List.of(launches.get(i)))::run);
        GpuTable table = new GpuTable(csv, device, network, best.all());
        kernels(table, launches, there, here);
        step(table, launches, there, whole, best, graphs);
    }

    private void kernels(GpuTable table, List<Launch> launches, double[] there, double[] here) {
        Map<String, List<Integer>> byKernel = new LinkedHashMap<>();
        for (int i = 0; i < launches.size(); i++)
            byKernel.computeIfAbsent(launches.get(i).kernel().toString(), _ -> new ArrayList<>())
                    .add(i);
        byKernel.forEach((kernel, which) -> {
            double seconds = 0, cpuSeconds = 0, bytes = 0, operations = 0;
            for (int i : which) {
                seconds += there[i];
                cpuSeconds += here[i];
                bytes += RecordedStep.bytes(launches.get(i));
                operations += KernelWork.of(launches.get(i)).operations().applyAsDouble(launches.get(i));
            }
            String formula = KernelWork.of(launches.get(which.getFirst())).formula();
            table.row(kernel, which.size(), seconds, cpuSeconds, bytes, operations, formula);
        });
    }

    private void step(
            GpuTable table,
            List<Launch> launches,
            double[] there,
            double whole,
            MeasuredStep.Seconds best,
            int graphs) {
        double kernels =
                IntStream.range(0, there.length).mapToDouble(i -> there[i]).sum();
        table.row("whole step in " + graphs + " task graphs", launches.size(), best.all(), whole, 0, 0, "");
        table.row("kernels", launches.size(), kernels, 0, 0, 0, "");
        table.row("dispatch", launches.size(), launches.size() * dispatch, 0, 0, 0, "");
        table.row("upload", 0, best.upload(), 0, 0, 0, "");
        table.row("download", 0, best.download(), 0, 0, 0, "");
        int elementwise = 0, saved = 0;
        double seconds = 0;
        for (int i = 0; i < launches.size(); i++) {
            if (!KernelWork.elementwise(launches.get(i))) continue;
            elementwise++;
            seconds += there[i];
            if (i > 0
                    && KernelWork.elementwise(launches.get(i - 1))
                    && launches.get(i - 1).extent() == launches.get(i).extent()) saved++;
        }
        table.row("elementwise kernels", elementwise, seconds, 0, 0, 0, "");
        table.row(
                "fusing adjacent elementwise launches would save",
                saved,
                saved * dispatch,
                0,
                0,
                0,
                "dispatches alone");
    }

    private static MeasuredStep.Seconds better(MeasuredStep.Seconds a, MeasuredStep.Seconds b) {
        return a.all() <= b.all() ? a : b;
    }

    private static void lower(double[] least, double[] more) {
        for (int i = 0; i < least.length; i++) least[i] = Math.min(least[i], more[i]);
    }

    /** The least time of as many runs as {@code seconds} have room for, at least {@value #REPETITIONS}. */
    private static double least(double seconds, Runnable work) {
        double least = Double.MAX_VALUE;
        long begin = System.nanoTime();
        for (int r = 0; r < REPETITIONS || System.nanoTime() - begin < seconds * 1e9; r++) {
            long start = System.nanoTime();
            work.run();
            least = Math.min(least, (System.nanoTime() - start) / 1e9);
        }
        return least;
    }
}
