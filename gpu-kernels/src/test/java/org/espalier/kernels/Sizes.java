package org.espalier.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.espalier.launch.Launch;

/** Arrays for launches of one size, and the launches made of them: of every portable kernel at least one. */
public final class Sizes {
    final int s;
    final int keep;
    final RandomGenerator random;
    private final List<Launch> launches = new ArrayList<>();

    private Sizes(int s, int keep) {
        this.s = s;
        this.keep = keep;
        this.random = Shapes.random(s);
    }

    /**
     * @param s the launches' extent
     * @param keep 1 where kernels add to what is there, 0 where they overwrite it
     */
    public static List<Launch> launches(int s, int keep) {
        Sizes sizes = new Sizes(s, keep);
        RowLaunches.add(sizes);
        MatrixLaunches.add(sizes);
        ImageLaunches.add(sizes);
        TokenLaunches.add(sizes);
        return sizes.launches;
    }

    void add(Launch launch) {
        launches.add(launch);
    }

    float[] floats(int n) {
        return Shapes.floats(random, n);
    }

    float[] positive(int n) {
        return Shapes.positive(random, n);
    }

    int[] below(int n, int bound) {
        return Shapes.below(random, n, bound);
    }

    /** Whole numbers below {@code bound} as floats. */
    float[] ids(int n, int bound) {
        float[] ids = new float[n];
        for (int i = 0; i < n; i++) ids[i] = random.nextInt(bound);
        return ids;
    }

    /** Where rows of 0 to {@code most} entries begin, and where the last ends; the first has none. */
    int[] starts(int rows, int most) {
        int[] start = new int[rows + 1];
        for (int r = 1; r < rows; r++) start[r + 1] = start[r] + random.nextInt(most + 1);
        return start;
    }
}
