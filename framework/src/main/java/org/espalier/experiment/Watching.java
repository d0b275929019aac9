package org.espalier.experiment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.espalier.engine.Parameter;
import org.espalier.launch.Device;
import org.espalier.measure.Evaluator;
import org.espalier.train.NamedArrays;

/** Follows loss and accuracy on held-out data, and remembers the weights of the lowest loss. */
final class Watching {
    private final Device device;
    private final State state;
    private final Supplier<List<Parameter>> trained;
    private final Watch watch;
    private final Parts parts;
    private final Stage stage;
    private Evaluator evaluator;

    /** @param trained what changes while the training goes on */
    Watching(Device device, State state, Supplier<List<Parameter>> trained, Watch watch, Parts parts, Stage stage) {
        this.device = device;
        this.state = state;
        this.trained = trained;
        this.watch = watch;
        this.parts = parts;
        this.stage = stage;
    }

    Watch watch() {
        return watch;
    }

    void measure(long step, TrainingStage.Log log) {
        if (evaluator == null) evaluator = evaluator(watch.data());
        Evaluator.Score score = evaluator.score();
        log.add(stage.curve() + "/" + watch.data() + ".loss", step, score.loss());
        log.add(stage.curve() + "/" + watch.data() + ".accuracy", step, score.accuracy());
        NamedArrays kept = state.training();
        float[] reached = kept.array("reached", 1);
        if (watch.reach().isPresent()
                && reached[0] == 0
                && score.accuracy() >= watch.reach().get()) reached[0] = step;
        boolean first = !kept.has("best/point");
        float[] best = kept.array("best/point", 3);
        if (first || score.loss() < best[1]) {
            best[0] = step;
            best[1] = (float) score.loss();
            best[2] = (float) score.accuracy();
            for (Parameter p : changing()) {
                float[] now = p.trainedValue();
                System.arraycopy(now, 0, kept.array("best/" + p.name(), now.length), 0, now.length);
            }
        }
    }

    /** Logs the early-stop point and evaluates its weights on the part that judges them. */
    void judge(TrainingStage.Log log) {
        float[] best = state.training().array("best/point", 3);
        String group = stage.step().name() + "/early-stop.";
        log.add(group + "iteration", stage.turn(), best[0]);
        log.add(group + watch.data() + "-loss", stage.turn(), best[1]);
        log.add(group + watch.data() + "-accuracy", stage.turn(), best[2]);
        if (watch.reach().isPresent()) {
            float reached = state.training().array("reached", 1)[0];
            log.add(stage.step().name() + "/reached.iteration", stage.turn(), reached == 0 ? Double.NaN : reached);
        }
        watch.judge().ifPresent(part -> {
            Map<Parameter, float[]> last = new LinkedHashMap<>();
            for (Parameter p : changing()) {
                float[] now = p.trainedValue();
                last.put(p, now.clone());
                System.arraycopy(state.training().array("best/" + p.name(), now.length), 0, now, 0, now.length);
            }
            Evaluator.Score score = evaluator(part).score();
            last.forEach((p, values) -> System.arraycopy(values, 0, p.trainedValue(), 0, values.length));
            log.add(group + part + "-loss", stage.turn(), score.loss());
            log.add(group + part + "-accuracy", stage.turn(), score.accuracy());
        });
    }

    /** What training changes: what it updates, and running statistics. */
    private List<Parameter> changing() {
        List<Parameter> changing = new ArrayList<>(trained.get());
        for (Parameter p : state.model().parameters()) if (p.kind() == Parameter.Kind.BUFFER) changing.add(p);
        return changing;
    }

    private Evaluator evaluator(String part) {
        try {
            return new Evaluator(device, state.model(), parts.get(part));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
