package org.espalier.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.espalier.kernels.Attend;
import org.espalier.kernels.MatMul;
import org.espalier.kernels.Update;
import org.junit.jupiter.api.Test;

class KernelMethodTest {
    private static final float[] A = {1}, B = {2}, C = {3}, D = {4}, E = {5};

    @Test
    void knowsTheMethodBehindAReference() {
        Launch product = Launch.of("p", 1, MatMul::nn, A, B, C, 1, 1, 0);
        assertThat(product.kernel()).hasToString("MatMul.nn");
        assertThat(product.writes()).containsExactly(A);
    }

    @Test
    void knowsWhatIsUpdatedInPlace() {
        Launch adam = Launch.of("a", 1, Update::adam, A, B, C, D, E, 0.9f, 0.99f, 1e-8f, 0f, 0f);
        assertThat(adam.writes()).containsExactly(A, B, C);
    }

    @Test
    void followsConditionsAndSeveralOutputs() {
        float[] keys = {0}, values = {0};
        Launch cached = Launch.of("c", 1, Attend::cached, A, keys, values, B, C, D, new int[] {0}, 1, 1, 1, 1, 0, 1f);
        assertThat(cached.writes()).containsExactly(A, keys, values);
    }

    @Test
    void refusesWhatIsNoPlainReference() {
        float[] captured = {0};
        Kernel.Of1<float[]> closure = (a, first, count) -> a[0] = captured[0];
        assertThatThrownBy(() -> Launch.of("x", 1, closure, A).kernel()).hasMessageContaining("captures 1 values");
    }

    @Test
    void everyKernelWritesAnArrayThatCanBeTold() throws IOException {
        int kernels = 0;
        Path folder = Path.of("target/classes/org/espalier/kernels");
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                ClassModel type = ClassFile.of().parse(file);
                for (MethodModel method : type.methods()) {
                    if (!method.flags().has(AccessFlag.PUBLIC)) continue;
                    KernelMethod kernel = new KernelMethod(
                            type.thisClass().asInternalName(),
                            method.methodName().stringValue(),
                            method.methodType().stringValue());
                    assertThat(kernel.writes()).as(kernel.toString()).contains(true);
                    kernels++;
                }
            }
        }
        assertThat(kernels).isGreaterThan(50);
    }

    /** What a kernel is seen to change is among what it is known to write. */
    @Test
    void doesNotWriteAnythingElse() {
        float[] c = {0, 0}, a = {1, 2}, b = {3, 4};
        Launch launch = Launch.of("p", 1, MatMul::nn, c, a, b, 2, 1, 0);
        launch.plain().run(0, 1);
        assertThat(List.of(c))
                .containsExactlyElementsOf(
                        launch.writes().stream().map(float[].class::cast).toList());
        assertThat(c).containsExactly(3, 4);
    }
}
