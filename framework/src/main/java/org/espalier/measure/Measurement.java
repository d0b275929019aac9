package org.espalier.measure;

import org.espalier.data.Dataset;
import org.espalier.launch.Device;
import org.espalier.models.Model;

/** What a metric may look at: a model and a part of the data. Predictions are made once for all metrics. */
public final class Measurement {
    private final Device device;
    private final Model model;
    private final Dataset data;
    private Evaluator evaluator;
    private Evaluator.Score score;

    public Measurement(Device device, Model model, Dataset data) {
        this.device = device;
        this.model = model;
        this.data = data;
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
