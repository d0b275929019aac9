package org.espalier.models.zoo;

import org.espalier.models.Images;
import org.espalier.models.Init;
import org.espalier.models.Model;
import org.espalier.models.Zoo;
import org.espalier.spec.Default;

/**
 * LeNet-5 in the form that pruning papers use (Caffe's, after LeCun et al. 1998): 5×5 convolutions to 20 and 50 channels, each pooled
 * by 2×2, a hidden layer of 500; 430,500 weights on 28×28 images. Layers are called conv1, conv2, fc1 and output.
 */
public record Lenet5(@Default("glorot-normal") Init init) implements Zoo {
    @Override
    public Model build(int[] input, int classes, long seed) {
        return Images.of(input)
                .convolution("conv1", 20, 5, 0)
                .pool()
                .relu()
                .convolution("conv2", 50, 5, 0)
                .pool()
                .relu()
                .linear("fc1", 500)
                .build(classes, init, seed);
    }
}
