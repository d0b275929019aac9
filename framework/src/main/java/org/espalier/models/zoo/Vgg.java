package org.espalier.models.zoo;

import java.util.Map;
import org.espalier.models.Images;
import org.espalier.models.Init;
import org.espalier.models.Model;
import org.espalier.models.Zoo;
import org.espalier.spec.Default;

/**
 * VGG (Simonyan and Zisserman 2015) for small images: 3×3 convolutions with batch normalisation in five stages of 1, 2, 4, 8 and 8 times
 * {@code width} channels with 2×2 poolings between them, the mean over positions, one linear layer. A pooling is left out where an
 * image is only one pixel high or wide. Layers are called conv1, norm1, … and output.
 *
 * @param depth 11, 13, 16 or 19: convolutions and the three linear layers of the original, of which one is left here
 * @param width channels of the first stage, 64 in the paper
 */
public record Vgg(
        @Default("11") int depth,
        @Default("64") int width,
        @Default("he-normal") Init init) implements Zoo {
    private static final Map<Integer, int[]> CONVOLUTIONS = Map.of(
            11, new int[] {1, 1, 2, 2, 2},
            13, new int[] {2, 2, 2, 2, 2},
            16, new int[] {2, 2, 3, 3, 3},
            19, new int[] {2, 2, 4, 4, 4});

    public Vgg {
        if (!CONVOLUTIONS.containsKey(depth))
            throw new IllegalArgumentException("depth must be 11, 13, 16 or 19, got " + depth);
        if (width < 1) throw new IllegalArgumentException("width must be positive, got " + width);
    }

    @Override
    public Model build(int[] input, int classes, long seed) {
        Images images = Images.of(input);
        int[] convolutions = CONVOLUTIONS.get(depth);
        int number = 0;
        for (int stage = 0; stage < convolutions.length; stage++) {
            for (int i = 0; i < convolutions[stage]; i++) {
                number++;
                images.normalised("conv" + number, "norm" + number, width << Math.min(stage, 3));
                boolean ends = i == convolutions[stage] - 1 && stage < convolutions.length - 1;
                if (ends && images.height() > 1 && images.width() > 1) images.pool();
                images.relu();
            }
        }
        return images.globalPool().build(classes, init, seed);
    }
}
