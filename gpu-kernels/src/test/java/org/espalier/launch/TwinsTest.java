package org.espalier.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TwinsTest {
    @Test
    void twinsTakeAndWriteWhatTheirPortableKernelsDo() {
        int twins = 0;
        for (List<Twin> some : Twins.all())
            for (Twin twin : some) {
                List<?> portable = types(twin.portable());
                boolean[] written = new boolean[portable.size() - 2];
                for (Twin.Part part : twin.parts()) {
                    KernelMethod tuned = KernelMethod.of(part.kernel());
                    List<?> own = types(tuned);
                    assertThat(own.subList(1, own.size() - 1))
                            .as(tuned.toString())
                            .isEqualTo(portable.subList(0, portable.size() - 2));
                    for (int i = 0; i < written.length; i++) written[i] |= tuned.writes()[i + 1];
                }
                assertThat(written)
                        .as(twin.name())
                        .isEqualTo(Arrays.copyOf(twin.portable().writes(), portable.size() - 2));
                twins++;
            }
        assertThat(twins).isGreaterThanOrEqualTo(6);
    }

    private static List<?> types(KernelMethod method) {
        return MethodTypeDesc.ofDescriptor(method.descriptor()).parameterList();
    }
}
