package org.espalier.models.zoo;

import org.espalier.models.Images;
import org.espalier.models.Init;
import org.espalier.models.Model;
import org.espalier.models.Zoo;
import org.espalier.spec.Default;

/**
 * The residual networks for small images of He et al. 2016 (section 4.2): a 3×3 convolution, three stages of basic blocks with 16, 32 and
 * 64 channels at full, half and quarter size, the mean over positions, and a linear layer. Where a stage begins, the shortcut
 * is a 1×1 convolution (option B), not padding with zeros: padding would tie half of a channel axis to the other
 * stage's, and it is what the lottery ticket paper's 270K weights in convolutions count. Layers are called conv, norm, stage1.block1.conv1, …
 * and output; any image of at least 4×4 goes.
 *
 * @param depth 6·n + 2 for n blocks a stage: 20, 32, 44, 56 or 110 in the paper
 */
public record Resnet(
        @Default("20") int depth, @Default("he-normal") Init init) implements Zoo {
    public Resnet {
        if (depth < 8 || depth % 6 != 2)
            throw new IllegalArgumentException(
                    "depth must be 6·n + 2 with n blocks a stage (20, 32, 44, …), got " + depth);
    }

    @Override
    public Model build(int[] input, int classes, long seed) {
        Images images = Images.of(input).normalised("conv", "norm", 16).relu();
        for (int stage = 1; stage <= 3; stage++)
            for (int block = 1; block <= (depth - 2) / 6; block++)
                images.residual("stage" + stage + ".block" + block, 8 << stage, stage > 1 && block == 1 ? 2 : 1);
        return images.globalPool().build(classes, init, seed);
    }
}
