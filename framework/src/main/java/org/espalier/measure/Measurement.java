package org.espalier.measure;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.espalier.data.Dataset;
import org.espalier.data.text.Tokenizer;
import org.espalier.launch.Device;
import org.espalier.models.Model;

/** What a metric may look at: a model and a part of the data. Predictions are made once for all metrics. */
public final class Measurement {
    private final Device device;
    private final Model model;
    private final Dataset data;
    private final Texts texts;
    private Evaluator evaluator;
    private Evaluator.Score score;

    /**
     * What metrics of language models need besides.
     *
     * @param tokenizer the model's
     * @param specs the folder in which the spec's files are looked for
     */
    public record Texts(Supplier<Tokenizer> tokenizer, Path specs) {}

    public Measurement(Device device, Model model, Dataset data, Texts texts) {
        this.device = device;
        this.model = model;
        this.data = data;
        this.texts = texts;
    }

    /** A measurement without text of its own. */
    public Measurement(Device device, Model model, Dataset data) {
        this(
                device,
                model,
                data,
                new Texts(
                        () -> {
                            throw new IllegalStateException("this model has no tokenizer");
                        },
                        Path.of("")));
    }

    public Texts texts() {
        return texts;
    }

    public Device device() {
        return device;
    }

    public Model model() {
        return model;
    }

    public Dataset data() {
        return data;
    }

    /** The evaluator of this model on this data. */
    public Evaluator evaluator() {
        if (evaluator == null) evaluator = new Evaluator(device, model, data);
        return evaluator;
    }

    /** Loss and accuracy. */
    public Evaluator.Score score() {
        if (score == null) score = evaluator().score();
        return score;
    }
}
