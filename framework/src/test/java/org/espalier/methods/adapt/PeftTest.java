package org.espalier.methods.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.espalier.data.file.Safetensors;
import org.espalier.data.pretrained.PeftFolder;
import org.espalier.launch.CpuDevice;
import org.espalier.models.GoldenFolder;
import org.espalier.models.pretrained.AdapterFile;
import org.espalier.spec.Binder;
import org.espalier.spec.Yaml;
import org.espalier.train.Adaptation;
import org.espalier.train.Adapter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters go to peft and come from it, with the same logits; started by {@code framework/src/test/peft/run.sh}. */
@Tag("peft")
class PeftTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ lora: { rank: 3, alpha: 5 } }",
                "{ lora: { scaling: rank-stabilised, init: gaussian, on: [q_proj, layers.1.mlp.down_proj] } }",
                "{ lora: { dora: true } }",
                "{ lora: { init: pissa } }",
                "{ lora: { init: pissa, dora: true, scaling: rank-stabilised } }",
                "{ lora: { rank-pattern: { up_proj: 2 }, alpha-pattern: { layers.0.self_attn.q_proj: 3 } } }",
                "{ adalora: { initial: 5, rank: 2, settled: 3, warmup: 2, every: 2 } }"
            })
    void loadsWhatOursWrites(String adapter) throws Exception {
        Path base = model("tiny-llama");
        try (CpuDevice device = new CpuDevice(2)) {
            Adaptable adapted = Adaptable.counting(device, base);
            Adapter method = Binder.bind(Adapter.class, Yaml.parse(adapter, "test"));
            Adaptation attached = adapted.trained(method, 12, Adaptable.sgd(0.5), (step, loss) -> true)
                    .adaptation()
                    .orElseThrow();
            PeftFolder.write(attached.stored().orElseThrow(), folder.resolve("adapter"));
            run("load", base.toString(), folder.resolve("adapter").toString(), logits().toString());
            compare(adapted);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lora", "rslora", "dora", "pattern", "adalora", "half-lora"})
    void isReadWhenPeftWrites(String kind) throws Exception {
        Path base = model("tiny-llama");
        run("make", base.toString(), kind, folder.toString());
        try (CpuDevice device = new CpuDevice(2)) {
            Adaptable adapted = Adaptable.counting(device, base);
            AdapterFile.merge(folder.resolve("adapter"), adapted.model());
            compare(adapted);
        }
    }

    /** One layer of peft's is three of ours. */
    @ParameterizedTest
    @ValueSource(strings = {"rslora", "dora"})
    void isReadWhereProjectionsAreFused(String kind) throws Exception {
        Path base = model("tiny-gpt2");
        run("make", base.toString(), kind, folder.toString());
        try (CpuDevice device = new CpuDevice(2)) {
            Adaptable adapted = Adaptable.counting(device, base);
            AdapterFile.merge(folder.resolve("adapter"), adapted.model());
            compare(adapted);
        }
    }

    private static Path model(String name) {
        return GoldenFolder.own(name).path("model").toAbsolutePath();
    }

    private Path logits() {
        return folder.resolve("logits.safetensors");
    }

    private void compare(Adaptable adapted) throws IOException {
        try (Safetensors file = Safetensors.open(logits())) {
            assertThat(GoldenFolder.distance(adapted.logits(), file.floats("logits")))
                    .isLessThan(1);
        }
    }

    private static void run(String... arguments) throws IOException, InterruptedException {
        String python = System.getProperty("peft.python");
        if (python == null)
            throw new IllegalStateException("these tests are started by framework/src/test/peft/run.sh");
        List<String> command = new ArrayList<>(List.of(
                python, Path.of("src/test/peft/adapters.py").toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        Path log = Files.createTempFile("peft", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int code = process.waitFor();
        String said = Files.readString(log, StandardCharsets.UTF_8);
        Files.delete(log);
        assertThat(code).as(said).isZero();
    }
}
