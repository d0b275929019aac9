package org.espalier.methods.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.engine.Parameter;
import org.espalier.launch.CpuDevice;
import org.espalier.models.GoldenFolder;
import org.espalier.train.Adaptation;
import org.espalier.train.Trainer;
import org.junit.jupiter.api.Test;

/** Forty steps beside peft: the same losses, the same ranks after every step, the same factors at the end. */
class AdaloraGoldenTest {
    private Trainer trainer;

    /** Its file says that the loss includes the penalty; its numbers are without: peft leaves it out where a task has no type. */
    @Test
    void keepsTheRanksThatPeftKeeps() {
        follows(GoldenFolder.named("adalora-peft"), GoldenFolder.named("tiny-llama"), false);
    }

    @Test
    void keepsTheRanksThatPeftKeepsWithThePenalty() {
        follows(GoldenFolder.own("adalora-peft-penalty"), GoldenFolder.own("tiny-llama"), true);
    }

    private void follows(GoldenFolder golden, GoldenFolder model, boolean penalised) {
        JsonNode steps = golden.expected().get("steps");
        try (CpuDevice device = new CpuDevice(2)) {
            Adaptable adapted = Adaptable.golden(device, model, golden, "batch.safetensors");
            golden.floats("initial.safetensors")
                    .forEach((name, values) -> adapted.begin(name.replace(".default", ""), values));
            trainer = new Trainer(
                    adapted.training(steps.size(), Adaptable.sgd(0.05)),
                    Optional.of(adapter(golden, penalised)),
                    List.of());
            trainer.train(0, (step, loss) -> {
                follows(step, loss, steps.get((int) step - 1));
                return true;
            });
            Map<String, float[]> end = golden.floats("final.safetensors");
            Adaptation attached = trainer.adaptation().orElseThrow();
            assertThat(attached.parameters()).hasSameSizeAs(end.keySet());
            for (Parameter p : attached.parameters())
                assertThat(GoldenFolder.distance(p.value(), end.get(p.name() + ".default")))
                        .as(p.name())
                        .isLessThan(1);
            assertThat(trainer.merge().difference()).isLessThan(1e-4);
        }
    }

    private static Adalora adapter(GoldenFolder golden, boolean penalised) {
        JsonNode c = golden.expected().get("config");
        return new Adalora(
                c.get("init_r").asInt(),
                c.get("target_r").asInt(),
                c.get("lora_alpha").asDouble(),
                c.get("tinit").asLong(),
                c.get("tfinal").asLong(),
                c.get("deltaT").asInt(),
                c.get("beta1").asDouble(),
                c.get("beta2").asDouble(),
                penalised ? c.get("orth_reg_weight").asDouble() : 0,
                Adalora.Penalty.NORM,
                0,
                List.of());
    }

    /** peft's loss includes the penalty, ours says it apart. */
    private void follows(long step, float loss, JsonNode expected) {
        Adaptation attached = trainer.adaptation().orElseThrow();
        double whole = loss + attached.measured().get("orthogonality");
        assertThat(whole)
                .as("loss of step " + step)
                .isCloseTo(expected.get("loss").asDouble(), within(5e-4));
        for (Parameter p : attached.parameters()) {
            if (!p.name().endsWith("lora_E")) continue;
            int kept = 0;
            for (float e : p.value()) if (e != 0) kept++;
            assertThat(kept)
                    .as(p.name() + " after step " + step)
                    .isEqualTo(expected.get("kept").get(p.name() + ".default").asInt());
        }
    }
}
