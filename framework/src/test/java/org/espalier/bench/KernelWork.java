package org.espalier.bench;

import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.espalier.launch.Launch;

/**
 * How many floating-point operations a launch is for, from its shape: those of the arithmetic that the kernel stands for, a product and a
 * sum counting as two. Of kernels that only move data, or whose count would be a matter of taste, nothing is said.
 *
 * @param formula in words
 * @param operations of one launch
 */
record KernelWork(String formula, ToDoubleFunction<Launch> operations) {
    /** Kernels that compute each entry of their outputs from the same entries of their inputs. */
    private static final List<String> ELEMENTWISE = List.of("Pointwise", "Update", "Gelu", "Gated", "Masked");

    private static final KernelWork PRODUCT = new KernelWork("2 rows n k", l -> 2.0 * l.extent() * at(l, 3) * at(l, 4));
    private static final KernelWork CONVOLUTION =
            new KernelWork("2 |y| channels side²", l -> 2.0 * size(l, 0) * at(l, 5) * square(at(l, 9)));
    private static final Map<String, KernelWork> WORKS = Map.ofEntries(
            Map.entry("MatMul.nn", PRODUCT),
            Map.entry("MatMul.nt", PRODUCT),
            Map.entry("MatMul.tn", new KernelWork("2 rows n k", l -> 2.0 * l.extent() * at(l, 4) * at(l, 5))),
            Map.entry("Convolve.forward", CONVOLUTION),
            Map.entry(
                    "Convolve.inputGrad",
                    new KernelWork("2 |dy| channels side²", l -> 2.0 * size(l, 1) * at(l, 4) * square(at(l, 8)))),
            Map.entry(
                    "Convolve.weightGrad",
                    new KernelWork("2 |dy| channels side²", l -> 2.0 * size(l, 1) * at(l, 4) * square(at(l, 8)))),
            Map.entry(
                    "Attend.forward",
                    new KernelWork("4 |q| length / (2 if causal)", l -> 4.0 * size(l, 2) * at(l, 8) / (1 + at(l, 9)))),
            Map.entry("Attend.grad", new KernelWork("10 |q| length / (2 if causal)", KernelWork::attendGrad)),
            Map.entry(
                    "Vocabulary.logits",
                    new KernelWork("2 tokens classes width", l -> 2.0 * at(l, 4) * at(l, 5) * at(l, 6))),
            Map.entry(
                    "Vocabulary.hiddenGrad",
                    new KernelWork("2 tokens classes width", l -> 2.0 * l.extent() * at(l, 4) * at(l, 5))),
            Map.entry(
                    "Vocabulary.headGrad",
                    new KernelWork("2 tokens classes width", l -> 2.0 * at(l, 4) * at(l, 5) * at(l, 6))),
            Map.entry(
                    "Vocabulary.scan", new KernelWork("2 n classes width", l -> 2.0 * at(l, 4) * at(l, 5) * at(l, 6))),
            Map.entry("Update.adam", new KernelWork("14 weights", l -> 14.0 * l.extent())),
            Map.entry("Update.sgd", new KernelWork("6 weights", l -> 6.0 * l.extent())),
            Map.entry("Pointwise.add", new KernelWork("entries", Launch::extent)),
            Map.entry("Pointwise.mask", new KernelWork("entries", Launch::extent)),
            Map.entry("Norm.squares", new KernelWork("2 entries", l -> 2.0 * size(l, 1))));

    /** What is known of a kernel; of most, nothing. */
    static KernelWork of(Launch launch) {
        return WORKS.getOrDefault(launch.kernel().toString(), new KernelWork("", _ -> 0));
    }

    static boolean elementwise(Launch launch) {
        return ELEMENTWISE.contains(launch.kernel().toString().split("[.]")[0])
                && !launch.kernel().name().equals("transpose");
    }

    /** Scores, probabilities, and the gradients of queries, keys and values: five products beside the forward pass's two. */
    private static double attendGrad(Launch launch) {
        int[] shape = (int[]) launch.arguments().get(9);
        return 10.0 * size(launch, 6) * shape[3] / (1 + shape[4]);
    }

    private static double at(Launch launch, int argument) {
        return (Integer) launch.arguments().get(argument);
    }

    private static double size(Launch launch, int argument) {
        return ((float[]) launch.arguments().get(argument)).length;
    }

    private static double square(double x) {
        return x * x;
    }
}
