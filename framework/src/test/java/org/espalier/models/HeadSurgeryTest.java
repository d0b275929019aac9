package org.espalier.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.espalier.engine.Graph;
import org.espalier.engine.Parameter;
import org.espalier.engine.Rng;
import org.espalier.engine.Surgery;
import org.espalier.engine.Surgery.Group;
import org.espalier.engine.Surgery.Member;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.RotaryScaling;
import org.espalier.launch.CpuDevice;
import org.espalier.models.zoo.Llama;
import org.junit.jupiter.api.Test;

/** In a decoder a key head, its values and all queries that share it are one unit, and so is a channel of a feed-forward. */
class HeadSurgeryTest {
    private static final int LENGTH = 8;

    private static Model model() {
        Llama form = new Llama(
                11,
                24,
                2,
                6,
                Optional.of(3),
                Optional.empty(),
                10,
                64,
                10_000,
                new RotaryScaling.Unscaled(),
                1e-5,
                false,
                Init.GLOROT_NORMAL);
        Model model = form.build(new int[] {LENGTH}, 0, 3);
        logits(model);
        return model;
    }

    /** Those inside of blocks: the stream between blocks passes norms, which see all of it. */
    private static List<Group> units(Model model) {
        return Surgery.groups(model.parameters()).stream()
                .filter(g -> g.members().stream().noneMatch(m -> m.parameter().kind() == Parameter.Kind.TABLE))
                .toList();
    }

    @Test
    void groupsAreWholeKeyHeadsAndChannels() {
        List<Group> units = units(model());
        assertThat(units).extracting(Group::size).containsExactly(3, 10, 3, 10);
        assertThat(units.getFirst().members())
                .extracting(m -> m.parameter().name() + " " + m.rows() + " " + m.positions())
                .containsExactly(
                        "model.layers.0.self_attn.q_proj.weight true 8",
                        "model.layers.0.self_attn.k_proj.weight true 4",
                        "model.layers.0.self_attn.v_proj.weight true 4",
                        "model.layers.0.self_attn.o_proj.weight false 8");
    }

    @Test
    void cuttingEqualsZeroing() {
        for (int i = 0; i < 4; i++) {
            Model cut = model(), zeroed = model();
            for (Member m : units(zeroed).get(i).members()) zero(m, 1);
            Surgery.cut(units(cut).get(i), kept(units(cut).get(i).size()));
            assertThat(difference(logits(cut), logits(zeroed))).isLessThan(1e-5);
        }
    }

    @Test
    void permutingChangesNothingAndCanBeUndone() {
        for (int i = 0; i < 4; i++) {
            Model permuted = model();
            Group group = units(permuted).get(i);
            Member first = group.members().getFirst();
            float[] before = first.parameter().value().clone();
            int[] order = Rng.permutation(new SplittableRandom(1), group.size());
            Surgery.permute(group, order);
            assertThat(first.parameter().value()).isNotEqualTo(before);
            assertThat(difference(logits(permuted), logits(model()))).isLessThan(1e-5);
            Surgery.permute(group, Surgery.inverse(order));
            assertThat(first.parameter().value()).isEqualTo(before);
        }
    }

    @Test
    void anOrderNamesEveryEntryOnce() {
        Group group = units(model()).getFirst();
        assertThatThrownBy(() -> Surgery.permute(group, 0, 2, 2)).hasMessageContaining("once, not [0, 2, 2]");
    }

    private static int[] kept(int size) {
        return java.util.stream.IntStream.range(0, size).filter(e -> e != 1).toArray();
    }

    private static void zero(Member m, int entry) {
        Parameter p = m.parameter();
        for (int i = m.first(entry); i < m.first(entry) + m.positions(); i++)
            for (int j = 0; j < (m.rows() ? p.columns() : p.rows()); j++)
                p.value()[m.rows() ? i * p.columns() + j : j * p.columns() + i] = 0;
        p.wrote();
    }

    private static float[] logits(Model model) {
        Graph g = Graph.forEvaluation();
        Tensor tokens = model.input(g, 2);
        for (int i = 0; i < tokens.size(); i++) tokens.value()[i] = i * i % 11;
        Tensor y = model.forward(g, tokens);
        try (CpuDevice device = new CpuDevice(2)) {
            device.compile(g.launches()).run();
        }
        return y.value();
    }

    private static double difference(float[] a, float[] b) {
        double worst = 0, largest = 0;
        for (int i = 0; i < a.length; i++) {
            worst = Math.max(worst, Math.abs(a[i] - b[i]));
            largest = Math.max(largest, Math.abs(b[i]));
        }
        return worst / largest;
    }
}
