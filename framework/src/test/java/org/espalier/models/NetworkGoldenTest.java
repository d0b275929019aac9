package org.espalier.models;

import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.espalier.launch.CpuDevice;
import org.espalier.models.zoo.Lenet;
import org.junit.jupiter.api.Test;

/** Whole networks against PyTorch: logits, gradients, losses and weights after six steps of its optimisers. */
class NetworkGoldenTest {
    @Test
    void perceptronWithAdamFollowsPytorch() {
        compare(
                "lenet-300-100-adam",
                () -> new Lenet(List.of(300, 100), Init.GLOROT_NORMAL).build(new int[] {1, 28, 28}, 10, 1),
                name -> name.replace("fc1", "0").replace("fc2", "2").replace("output", "4"));
    }

    @Test
    void convolutionsAndMaxPoolingWithAdamFollowPytorch() {
        compare(
                "conv2-maxpool-adam",
                () -> Images.of(new int[] {1, 14, 14})
                        .convolution("c1", 6, 3, 1)
                        .relu()
                        .convolution("c2", 6, 3, 1)
                        .pool()
                        .relu()
                        .build(10, Init.HE_NORMAL, 1),
                name -> name.replace("output", "f"));
    }

    @Test
    void residualBlocksWithBatchNormMomentumAndDecayFollowPytorch() {
        compare(
                "residual-conv-sgd",
                () -> Images.of(new int[] {3, 13, 13})
                        .normalised("conv", "bn", 8)
                        .relu()
                        .residual("block1", 8, 1)
                        .residual("block2", 16, 2)
                        .globalPool()
                        .build(10, Init.HE_NORMAL, 1),
                NetworkGoldenTest::peerNameInResidualNet);
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

    private static void compare(String folder, Supplier<Model> model, UnaryOperator<String> peerName) {
        GoldenFolder golden = GoldenFolder.named(folder);
        try (CpuDevice host = new CpuDevice(2);
                CpuDevice kernels = CpuDevice.ofPlainKernels()) {
            double fast = new GoldenTraining(golden, model.get(), peerName).agree(host);
            double plain = new GoldenTraining(golden, model.get(), peerName).agree(kernels);
            System.out.printf(
                    "NetworkGoldenTest: %-20s worst difference %.3f of what is allowed (%.3f with plain kernels)%n",
                    folder, fast, plain);
        }
    }
}
