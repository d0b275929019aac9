package org.espalier.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.espalier.engine.Axis;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Parameter;
import org.espalier.engine.Span;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.Losses;
import org.espalier.engine.ops.TiledLoss;
import org.espalier.launch.CpuDevice;
import org.espalier.launch.Device;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A vocabulary that is read slice by slice says what it says as a whole, to the bit. */
class SlicedHeadTest {
    private static final int TOKENS = 70, WIDTH = 48, CLASSES = 5 * TiledLoss.TILE + 100;

    private final SplittableRandom random = new SplittableRandom(2);
    private final Parameter head =
            Parameter.table("head", Span.of(Axis.of("classes", CLASSES)), Span.of(Axis.of("width", WIDTH)));

    private float[] drawn(int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) values[i] = (float) (2 * random.nextDouble() - 1);
        return values;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 6, 99})
    void slicesGiveTheBitsOfTheWhole(int tiles) {
        head.load(drawn(head.size()));
        List<float[]> hidden = new ArrayList<>();
        List<int[]> labels = new ArrayList<>();
        for (int b = 0; b < 3; b++) {
            hidden.add(drawn(TOKENS * WIDTH));
            labels.add(random.ints(TOKENS, 0, CLASSES).toArray());
        }
        labels.getFirst()[3] = CLASSES - 1;
        for (Device device : new Device[] {new CpuDevice(1), new CpuDevice(3), CpuDevice.ofPlainKernels()}) {
            try (device) {
                List<float[]> kept = new SlicedHead(device, head, TOKENS, tiles * TiledLoss.TILE).scan(hidden, labels);
                for (int b = 0; b < 3; b++) same(device, hidden.get(b), labels.get(b), kept.get(b));
            }
        }
    }

    private void same(Device device, float[] hidden, int[] labels, float[] kept) {
        float[] weights = new float[TOKENS];
        Arrays.fill(weights, 0.5f);
        Graph whole = Graph.forEvaluation(), settled = Graph.forEvaluation();
        Tensor x = whole.tensor("x", TOKENS, new int[] {WIDTH}, Layout.ROWS, head.columnSpan());
        System.arraycopy(hidden, 0, x.value(), 0, hidden.length);
        Losses.Loss expected = Losses.tokenCrossEntropy(whole, x, head, labels, weights);
        Losses.Loss found = TiledLoss.settle(settled, kept, labels, weights);
        device.compile(whole.launches()).run();
        device.compile(settled.launches()).run();
        assertThat(found.losses()).isEqualTo(expected.losses());
        assertThat(found.correct()).isEqualTo(expected.correct());
        assertThat(found.total()).isEqualTo(expected.total());
    }
}
