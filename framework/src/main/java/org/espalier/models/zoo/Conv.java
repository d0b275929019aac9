package org.espalier.models.zoo;

import org.espalier.models.Images;
import org.espalier.models.Init;
import org.espalier.models.Model;
import org.espalier.models.Zoo;
import org.espalier.spec.Default;

/**
 * Conv-2, Conv-4 and Conv-6 of the lottery ticket paper (Frankle and Carbin 2019, figure 2), which are VGG cut short: pairs of 3×3
 * convolutions of 64, 128 and 256 channels, a 2×2 pooling after each pair, two hidden layers of 256. Layers are called conv1,
 * conv2, …, fc1, fc2 and output.
 *
 * <p>For 32×32×3 images and 10 classes Conv-2 and Conv-4 have the paper's 4.3M and 2.4M weights. Conv-6 has 2.26M, where the
 * paper prints 1.7M: three poolings leave 4,096 features, and the printed sum does not come out with them.
 *
 * @param blocks 2, 4 or 6, the number of convolutions
 */
public record Conv(
        @Default("2") int blocks, @Default("glorot-normal") Init init) implements Zoo {
    private static final int HIDDEN = 256;

    public Conv {
        if (blocks != 2 && blocks != 4 && blocks != 6)
            throw new IllegalArgumentException("blocks must be 2, 4 or 6, got " + blocks);
    }

    @Override
    public Model build(int[] input, int classes, long seed) {
        Images images = Images.of(input);
        for (int i = 0; i < blocks; i++) {
            images.convolution("conv" + (i + 1), 64 << i / 2, 3, 1);
            if (i % 2 == 1) images.pool();
            images.relu();
        }
        return images.linear("fc1", HIDDEN).linear("fc2", HIDDEN).build(classes, init, seed);
    }
}
