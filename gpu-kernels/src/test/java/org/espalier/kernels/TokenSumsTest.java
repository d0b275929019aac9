package org.espalier.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.espalier.launch.TokenSumsBodies;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class TokenSumsTest {
    @RepeatedTest(20)
    void addsUpTokensInBothLayoutsWithTheSameBitsOnEveryRoad(RepetitionInfo repetition) {
        RandomGenerator random = Shapes.random(repetition.getCurrentRepetition());
        int features = Shapes.size(random), sequences = 1 + random.nextInt(4), length = Shapes.size(random);
        int tokens = sequences * length;
        boolean rows = random.nextBoolean();
        int perFeature = rows ? 1 : tokens, perToken = rows ? features : 1;
        float[] x = Shapes.floats(random, features * tokens), start = Shapes.floats(random, features);
        float[] squares = start.clone(), sums = start.clone(), between = start.clone();
        TokenSums.squares(squares, x, sequences, length, perFeature, perToken, 0, features);
        TokenSums.sums(sums, between, x, sequences, length, perFeature, perToken, 0, features);
        double[] expectedSquares = new double[features], expectedSums = new double[features];
        double[] expectedBetween = new double[features];
        for (int f = 0; f < features; f++) {
            expectedSquares[f] = expectedSums[f] = expectedBetween[f] = start[f];
            for (int s = 0; s < sequences; s++) {
                double sum = 0;
                for (int t = s * length; t < (s + 1) * length; t++) {
                    double v = x[f * perFeature + t * perToken];
                    sum += v;
                    expectedSquares[f] += v * v;
                }
                expectedSums[f] += sum;
                expectedBetween[f] += sum * sum;
            }
        }
        assertThat(Shapes.difference(squares, expectedSquares)).isLessThan(1e-5);
        assertThat(Shapes.difference(sums, expectedSums)).isLessThan(1e-4);
        assertThat(Shapes.difference(between, expectedBetween)).isLessThan(1e-4);
        float[] bodySquares = start.clone(), bodySums = start.clone(), bodyBetween = start.clone();
        Shapes.run(
                random,
                features,
                (f, c) -> TokenSumsBodies.squares(bodySquares, x, sequences, length, perFeature, perToken, f, c));
        Shapes.run(
                random,
                features,
                (f, c) ->
                        TokenSumsBodies.sums(bodySums, bodyBetween, x, sequences, length, perFeature, perToken, f, c));
        assertThat(bodySquares).isEqualTo(squares);
        assertThat(bodySums).isEqualTo(sums);
        assertThat(bodyBetween).isEqualTo(between);
    }
}
