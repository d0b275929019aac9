package org.espalier.methods.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.data.text.BytePairs;
import org.espalier.data.text.Tokenizer;
import org.espalier.engine.Graph;
import org.espalier.engine.Layout;
import org.espalier.engine.Tensor;
import org.espalier.engine.ops.RotaryScaling;
import org.espalier.launch.CpuDevice;
import org.espalier.measure.LogLikelihood;
import org.espalier.measure.Measurement;
import org.espalier.models.Init;
import org.espalier.models.LanguageModel;
import org.espalier.models.zoo.Llama;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MultipleChoiceTest {
    private static final Tokenizer TOKENIZER =
            BytePairs.train("the cat is here, the cats are there, yes certainly", 270);
    private static final LanguageModel MODEL = (LanguageModel) new Llama(
                    270,
                    16,
                    2,
                    2,
                    Optional.empty(),
                    Optional.empty(),
                    24,
                    32,
                    10_000,
                    new RotaryScaling.Unscaled(),
                    1e-5,
                    false,
                    Init.GLOROT_NORMAL)
            .build(new int[] {32}, 0, 5);

    @TempDir
    private Path folder;

    @Test
    void spacesAtTheEndOfTheContextBelongToTheContinuation() {
        LogLikelihood.Request a = MultipleChoice.request(TOKENIZER, "the cat ", " is");
        LogLikelihood.Request b = MultipleChoice.request(TOKENIZER, "the cat", "  is");
        assertThat(a.context()).isEqualTo(b.context());
        assertThat(a.continuation()).isEqualTo(b.continuation());
        assertThat(a.context()[0]).isEqualTo(TOKENIZER.beginning().orElseThrow());
        assertThat(MultipleChoice.request(TOKENIZER, "", "yes").context())
                .containsExactly(TOKENIZER.beginning().orElseThrow());
    }

    @Test
    void sumsTheContinuationsLogarithmsWhateverSharesTheBatch() {
        List<LogLikelihood.Request> requests = List.of(
                new LogLikelihood.Request(new int[] {1, 40, 41}, new int[] {42}),
                new LogLikelihood.Request(new int[] {1, 40, 41, 60, 61}, new int[] {42, 43, 44}),
                new LogLikelihood.Request(longOne(), new int[] {7, 8}));
        try (CpuDevice device = new CpuDevice(2)) {
            List<LogLikelihood.Answer> together = LogLikelihood.of(device, MODEL, requests);
            for (int i = 0; i < requests.size(); i++) {
                double alone = LogLikelihood.of(device, MODEL, requests.subList(i, i + 1))
                        .getFirst()
                        .sum();
                assertThat(together.get(i).sum()).isCloseTo(alone, within(1e-5));
                assertThat(alone).isCloseTo(slowly(device, requests.get(i)), within(1e-4));
            }
        }
    }

    /** Longer than the context of 32: its beginning is lost. */
    private static int[] longOne() {
        int[] ids = new int[50];
        Arrays.setAll(ids, i -> 3 + i);
        return ids;
    }

    private static double slowly(CpuDevice device, LogLikelihood.Request request) {
        int[] all = Arrays.copyOf(request.context(), request.context().length + request.continuation().length);
        System.arraycopy(request.continuation(), 0, all, request.context().length, request.continuation().length);
        all = Arrays.copyOfRange(all, Math.max(0, all.length - 33), all.length);
        Graph g = Graph.forEvaluation();
        Tensor tokens = g.input("tokens", 1, new int[] {all.length - 1}, Layout.ROWS);
        for (int i = 0; i + 1 < all.length; i++) tokens.value()[i] = all[i];
        Tensor logits = MODEL.forward(g, tokens);
        device.compile(g.launches()).run();
        double sum = 0;
        for (int t = all.length - 1 - request.continuation().length; t + 1 < all.length; t++) {
            double total = 0;
            for (int v = 0; v < 270; v++) total += Math.exp(logits.value()[t * 270 + v]);
            sum += logits.value()[t * 270 + all[t + 1]] - Math.log(total);
        }
        return sum;
    }

    @Test
    void countsTheRightChoicesPerTokenCharacterAndByte() throws Exception {
        Files.writeString(folder.resolve("toy.yaml"), "{ data: toy.jsonl, context: 'the {animal}' }");
        Files.writeString(folder.resolve("toy.jsonl"), """
                {"animal": "cat", "choices": ["is", "are there certainly"], "answer": 0}
                {"animal": "cats", "choices": ["is", "are there certainly"], "answer": 1}
                """);
        Map<String, Double> found = measure("toy.yaml");
        assertThat(found.get("toy.acc")).isEqualTo(0.5); // fewer tokens are always more probable here
        assertThat(found.get("toy.acc-error")).isCloseTo(Math.sqrt(0.25), within(1e-12));
        assertThat(found).containsEntry("toy.questions", 2.0).containsKeys("toy.acc-norm", "toy.acc-bytes");
    }

    @Test
    void namesTheLineThatIsWrong() throws Exception {
        Files.writeString(folder.resolve("toy.yaml"), "{ data: toy.jsonl, context: 'the {animal}' }");
        for (String line : List.of(
                "{\"choices\": [\"a\", \"b\"], \"answer\": 0}",
                "{\"animal\": \"cat\", \"choices\": [\"a\"], \"answer\": 0}",
                "{\"animal\": \"cat\", \"choices\": [\"a\", \"b\"], \"answer\": 2}",
                "{\"animal\"")) {
            Files.writeString(
                    folder.resolve("toy.jsonl"),
                    "{\"animal\": \"cat\", \"choices\": [\"a\", \"b\"], \"answer\": 0}\n" + line + "\n");
            assertThatThrownBy(() -> measure("toy.yaml"))
                    .hasMessageContaining("toy.jsonl")
                    .hasMessageContaining("line 2");
        }
    }

    private Map<String, Double> measure(String task) {
        try (CpuDevice device = new CpuDevice(1)) {
            return new MultipleChoice(task, 0)
                    .measure(new Measurement(
                            device, MODEL, TextFixture.DATA, new Measurement.Texts(() -> TOKENIZER, folder)));
        }
    }
}
