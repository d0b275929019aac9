package org.espalier.models;

import java.util.random.RandomGenerator;
import org.espalier.engine.Parameter;
import org.espalier.engine.Rng;

/**
 * How weights are drawn. The variance follows from the inputs that reach an output (fan-in) and the outputs that an input
 * reaches (fan-out). Biases start at zero, except in PyTorch's way.
 */
public enum Init {
    /** Normal with variance 2 / (fan-in + fan-out): Glorot and Bengio 2010, as the lottery ticket paper draws. */
    GLOROT_NORMAL {
        @Override
        double draw(RandomGenerator random, int fanIn, int fanOut) {
            return Rng.gaussian(random) * Math.sqrt(2.0 / (fanIn + fanOut));
        }
    },
    /** Uniform within ±sqrt(6 / (fan-in + fan-out)). */
    GLOROT_UNIFORM {
        @Override
        double draw(RandomGenerator random, int fanIn, int fanOut) {
            return uniform(random, Math.sqrt(6.0 / (fanIn + fanOut)));
        }
    },
    /** Normal with variance 1 / fan-in: LeCun et al. 1998, where no unit is rectified. */
    LECUN_NORMAL {
        @Override
        double draw(RandomGenerator random, int fanIn, int fanOut) {
            return Rng.gaussian(random) / Math.sqrt(fanIn);
        }
    },
    /** Normal with variance 2 / fan-in: He et al. 2015, for rectified units. */
    HE_NORMAL {
        @Override
        double draw(RandomGenerator random, int fanIn, int fanOut) {
            return Rng.gaussian(random) * Math.sqrt(2.0 / fanIn);
        }
    },
    /** Uniform within ±sqrt(6 / fan-in). */
    HE_UNIFORM {
        @Override
        double draw(RandomGenerator random, int fanIn, int fanOut) {
            return uniform(random, Math.sqrt(6.0 / fanIn));
        }
    },
    /** Normal with deviation 0.02, whatever the size: GPT-2's choice, and most language models' since. */
    NORMAL {
        @Override
        double draw(RandomGenerator random, int fanIn, int fanOut) {
            return 0.02 * Rng.gaussian(random);
        }
    },
    /** Uniform within ±1 / sqrt(fan-in), biases too: what PyTorch's layers do unasked. */
    PYTORCH {
        @Override
        double draw(RandomGenerator random, int fanIn, int fanOut) {
            return uniform(random, 1 / Math.sqrt(fanIn));
        }

        @Override
        void bias(Parameter bias, int fanIn, long seed) {
            fill(bias, fanIn, 1, seed);
        }
    };

    abstract double draw(RandomGenerator random, int fanIn, int fanOut);

    /** Draws a weight matrix or the kernels of a convolution. */
    void weight(Parameter weight, long seed) {
        fill(weight, weight.fanIn(), weight.fanOut(), seed);
    }

    /** Sets the bias of a layer whose outputs have {@code fanIn} inputs. */
    void bias(Parameter bias, int fanIn, long seed) {
        bias.load(new float[bias.size()]);
    }

    void fill(Parameter parameter, int fanIn, int fanOut, long seed) {
        RandomGenerator random = Rng.of(seed, parameter.name(), 0);
        float[] drawn = new float[parameter.size()];
        for (int i = 0; i < drawn.length; i++) drawn[i] = (float) draw(random, fanIn, fanOut);
        parameter.load(drawn);
    }

    private static double uniform(RandomGenerator random, double limit) {
        return (2 * random.nextDouble() - 1) * limit;
    }
}
