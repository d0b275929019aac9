package org.espalier.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.espalier.launch.ApartDevice;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Device;
import org.espalier.launch.TornadoDevice;
import org.espalier.models.zoo.Lenet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole networks against PyTorch: logits, gradients, losses and weights after six steps of its optimisers. */
class NetworkGoldenTest {
    private static final Map<String, Network> NETWORKS = Map.of(
            "lenet-300-100-adam",
            new Network(
                    () -> new Lenet(List.of(300, 100), Init.GLOROT_NORMAL).build(new int[] {1, 28, 28}, 10, 1),
                    name -> name.replace("fc1", "0").replace("fc2", "2").replace("output", "4")),
            "conv2-maxpool-adam",
            new Network(
                    () -> Images.of(new int[] {1, 14, 14})
                            .convolution("c1", 6, 3, 1)
                            .relu()
                            .convolution("c2", 6, 3, 1)
                            .pool()
                            .relu()
                            .build(10, Init.HE_NORMAL, 1),
                    name -> name.replace("output", "f")),
            "residual-conv-sgd",
            new Network(
                    () -> Images.of(new int[] {3, 13, 13})
                            .normalised("conv", "bn", 8)
                            .relu()
                            .residual("block1", 8, 1)
                            .residual("block2", 16, 2)
                            .globalPool()
                            .build(10, Init.HE_NORMAL, 1),
                    NetworkGoldenTest::peerNameInResidualNet));

    /** @param peerName what the peer calls our parameter */
    private record Network(Supplier<Model> model, UnaryOperator<String> peerName) {}

    @ParameterizedTest
    @ValueSource(strings = {"lenet-300-100-adam", "conv2-maxpool-adam", "residual-conv-sgd"})
    void followsPytorch(String folder) {
        try (CpuDevice host = new CpuDevice(2);
                CpuDevice kernels = CpuDevice.ofPlainKernels();
                ApartDevice apart = new ApartDevice()) {
            double fast = agreement(folder, host), plain = agreement(folder, kernels);
            System.out.printf(
                    "NetworkGoldenTest: %-20s worst difference %.3f of what is allowed (%.3f with plain kernels)%n",
                    folder, fast, plain);
            assertThat(agreement(folder, apart)).as("with a memory apart").isEqualTo(fast);
        }
    }

    @ParameterizedTest
    @Tag("gpu")
    @ValueSource(strings = {"lenet-300-100-adam", "conv2-maxpool-adam", "residual-conv-sgd"})
    void followsPytorchOnAGpu(String folder) {
        try (TornadoDevice gpu = TornadoDevice.open("gpu", 1);
                CpuDevice cpu = new CpuDevice(1)) {
            GoldenTraining there = training(folder), here = training(folder);
            System.out.printf(
                    "NetworkGoldenTest: %-20s worst difference %.3f of what is allowed, on a GPU%n",
                    folder, there.agree(gpu));
            here.agree(cpu);
            here.later().near(there.later());
        }
    }

    private static double agreement(String folder, Device device) {
        return training(folder).agree(device);
    }

    private static GoldenTraining training(String folder) {
        Network network = NETWORKS.get(folder);
        return new GoldenTraining(GoldenFolder.named(folder), network.model().get(), network.peerName());
    }

    private static String peerNameInResidualNet(String name) {
        return name.replace("shortcut.norm", "shortcut.1")
                .replace("shortcut.weight", "shortcut.0.weight")
                .replace("norm", "bn")
                .replace("scale", "weight")
                .replace("shift", "bias")
                .replace("running-mean", "running_mean")
                .replace("running-variance", "running_var")
                .replace("output", "fc");
    }
}
