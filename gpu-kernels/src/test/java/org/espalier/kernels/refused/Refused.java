package org.espalier.kernels.refused;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/** Kernels that TornadoVM could not compile or would run wrongly, one fault each: {@code KernelShapeTest} must refuse them. */
@SuppressWarnings({"unused", "MethodMayBeStatic"})
public final class Refused {
    private Refused() {}

    /** The fault's twin: a kernel without any. */
    public static final class Fine {
        static final int CONSTANT = 3;

        private Fine() {}

        public static void run(float[] y, int[] at, float a, int n, int first, int count) {
            for (@Parallel int i = 0; i < count; i++)
                for (@Parallel int j = 0; j < n; j++) y[(first + i) * n + j] = helped(a) + at[j] + CONSTANT;
        }

        private static float helped(float x) {
            return TornadoMath.exp(TornadoMath.max(x, 0f));
        }
    }

    public static final class UnsignedShift {
        public static void run(int[] y, int first, int count) {
            for (@Parallel int i = 0; i < count; i++) y[first + i] = y[first + i] >>> 30;
        }
    }

    /** A kernel for groups of work items, without any fault. */
    public static final class FineTuned {
        private FineTuned() {}

        public static void run(KernelContext context, float[] y, int n, int count) {
            float[] shared = context.allocateFloatLocalArray(64);
            float[] own = new float[4];
            own[0] = 1f;
            int item = context.localIdx;
            shared[item] = y[item];
            context.localBarrier();
            if (context.groupIdx * 64 + item < count) y[item] = shared[63 - item] + own[0];
        }
    }

    public static final class ContextTwice {
        public static void run(KernelContext context, float[] y, int count) {
            y[context.localIdx] = helped(context);
        }

        private static float helped(KernelContext context) {
            return context.localIdx;
        }
    }

    public static final class ContextPlane {
        public static void run(KernelContext context, float[] y, int count) {
            y[context.localIdy] = 1f;
        }
    }

    public static final class LocalSize {
        public static void run(KernelContext context, float[] y, int n, int count) {
            float[] shared = context.allocateFloatLocalArray(n);
            shared[0] = y[0];
        }
    }

    public static final class OwnSize {
        public static void run(KernelContext context, float[] y, int n, int count) {
            float[] own = new float[n];
            y[0] = own[0];
        }
    }

    public static final class GlobalBarrier {
        public static void run(KernelContext context, int[] y, int count) {
            context.globalBarrier();
            y[0] = 1;
        }
    }

    public static final class ContextNoEnd {
        public static void run(KernelContext context, int[] y, float count) {
            y[0] = 1;
        }
    }

    public static final class NewObject {
        public static void run(float[] y, int first, int count) {
            for (@Parallel int i = 0; i < count; i++) y[first + i] = new Object() == null ? 1f : 0f;
        }
    }

    public static final class NewArray {
        public static void run(float[] y, int first, int count) {
            float[] local = new float[4];
            for (@Parallel int i = 0; i < count; i++) y[first + i] = local[0];
        }
    }

    public static final class OpenClWord {
        public static void run(float[] y, int kernel, int first, int count) {
            for (@Parallel int i = 0; i < count; i++) y[first + i] = kernel;
        }
    }

    public static final class OpenClFunction {
        public static void max(float[] y, int first, int count) {
            for (@Parallel int i = 0; i < count; i++) y[first + i] = 1f;
        }
    }

    public static final class NewReferences {
        public static void run(float[] y, int first, int count) {
            float[][] local = {y};
            for (@Parallel int i = 0; i < count; i++) y[first + i] = local.length;
        }
    }

    public static final class Dynamic {
        public static void run(float[] y, int first, int count) {
            Runnable lambda = () -> y[0] = 1f;
            for (@Parallel int i = 0; i < count; i++) y[first + i] = 1f;
        }
    }

    public static final class Instance {
        public void run(float[] y, int first, int count) {
            for (@Parallel int i = 0; i < count; i++) y[first + i] = 1f;
        }
    }

    public static final class State {
        private float kept;

        public static void run(float[] y, int first, int count) {
            for (@Parallel int i = 0; i < count; i++) y[first + i] = 1f;
        }
    }

    public static final class StaticState {
        private static float kept;

        public static void run(float[] y, int first, int count) {
            for (@Parallel int i = 0; i < count; i++) y[first + i] = kept;
        }
    }

    public static final class Synchronized {
        public static synchronized void run(float[] y, int first, int count) {
            for (@Parallel int i = 0; i < count; i++) y[first + i] = 1f;
        }
    }

    public static final class Monitor {
        public static void run(float[] y, int first, int count) {
            synchronized (y) {
                for (@Parallel int i = 0; i < count; i++) y[first + i] = 1f;
            }
        }
    }

    public static final class Throwing {
        private static IllegalStateException made;

        public static void run(float[] y, int first, int count) {
            for (@Parallel int i = 0; i < count; i++) y[first + i] = 1f;
            if (count < 0) throw made;
        }
    }

    public static final class Catching {
        public static void run(float[] y, int first, int count) {
            for (@Parallel int i = 0; i < count; i++) {
                try {
                    y[first + i] = 1f;
                } catch (ArrayIndexOutOfBoundsException e) {
                    y[0] = 0f;
                }
            }
        }
    }

    public static final class ForeignCall {
        public static void run(float[] y, int first, int count) {
            for (@Parallel int i = 0; i < count; i++) y[first + i] = Math.max(1f, y[first + i]);
        }
    }

    public static final class UnmappedMath {
        public static void run(float[] y, int first, int count) {
            for (@Parallel int i = 0; i < count; i++) y[first + i] = TornadoMath.signum(y[first + i]);
        }
    }

    public static final class VirtualCall {
        public static void run(float[] y, int first, int count) {
            for (@Parallel int i = 0; i < count; i++) y[first + i] = y.hashCode();
        }
    }

    public static final class TooMany {
        public static void run(
                float[] y,
                int b,
                int c,
                int d,
                int e,
                int f,
                int g,
                int h,
                int j,
                int k,
                int l,
                int m,
                int n,
                int o,
                int first,
                int count) {
            for (@Parallel int i = 0; i < count; i++) y[first + i] = b + c + d + e + f + g + h + j + k + l + m + n + o;
        }
    }

    public static final class NoSlice {
        public static void run(float[] y, int count) {
            for (@Parallel int i = 0; i < count; i++) y[i] = 1f;
        }
    }

    public static final class OtherNames {
        public static void run(float[] y, int count, int first) {
            for (@Parallel int i = 0; i < first; i++) y[count + i] = 1f;
        }
    }

    public static final class ParameterType {
        public static void run(short[] y, int first, int count) {
            for (@Parallel int i = 0; i < count; i++) y[first + i] = 1;
        }
    }

    public static final class Returning {
        public static int run(float[] y, int first, int count) {
            for (@Parallel int i = 0; i < count; i++) y[first + i] = 1f;
            return 0;
        }
    }

    public static final class FromFirst {
        public static void run(float[] y, int first, int count) {
            for (@Parallel int i = first; i < count; i++) y[i] = 1f;
        }
    }

    public static final class ByTwo {
        public static void run(float[] y, int first, int count) {
            for (@Parallel int i = 0; i < count; i += 2) y[first + i] = 1f;
        }
    }

    public static final class ByVariable {
        public static void run(float[] y, int step, int first, int count) {
            for (@Parallel int i = 0; i < count; i += step) y[first + i] = 1f;
        }
    }

    public static final class OtherBound {
        public static void run(float[] y, int n, int first, int count) {
            for (@Parallel int i = 0; i < n; i++) y[first + i] = count;
        }
    }

    public static final class Sequential {
        public static void run(float[] y, int first, int count) {
            for (int i = 0; i < count; i++) y[first + i] = 1f;
        }
    }

    public static final class InDouble {
        public static void run(float[] y, int first, int count) {
            for (@Parallel int i = 0; i < count; i++) y[first + i] = (float) (y[first + i] * 0.1);
        }
    }

    public static final class InLong {
        public static void run(int[] y, int first, int count) {
            for (@Parallel int i = 0; i < count; i++) y[first + i] = (int) ((long) y[first + i] << 3 >> 2);
        }
    }

    public static final class DoubleMath {
        public static void run(float[] y, int first, int count) {
            for (@Parallel int i = 0; i < count; i++) y[first + i] = (float) TornadoMath.exp((double) y[first + i]);
        }
    }

    public static final class Recursive {
        public static void run(float[] y, int first, int count) {
            for (@Parallel int i = 0; i < count; i++) y[first + i] = down(count);
        }

        private static int down(int n) {
            return n < 1 ? 0 : up(n - 1);
        }

        private static int up(int n) {
            return n < 1 ? 1 : down(n - 1);
        }
    }
}
