package org.espalier.cli;

import java.util.ArrayList;
import java.util.List;
import org.espalier.experiment.Program;
import org.espalier.experiment.Progress;
import org.espalier.experiment.Stage;
import org.espalier.experiment.Step;

/** Translates what a run tells into the state of a gauge, which wants to know the way left in training steps. */
final class RunProgress implements Progress {
    private final Gauge gauge;
    private final List<Long> seeds;
    private final long[] before;

    RunProgress(Gauge gauge, Program program) {
        this.gauge = gauge;
        this.seeds = new ArrayList<>(program.experiment().seeds());
        this.before = new long[program.stages().size() + 1];
        for (int i = 0; i < before.length - 1; i++)
            before[i + 1] = before[i] + steps(program.stages().get(i));
    }

    private static long steps(Stage stage) {
        return switch (stage.step()) {
            case Step.Train train -> train.course().steps() - train.course().start();
            case Step.Recover recover ->
                recover.course().steps() - recover.course().start();
            default -> 0;
        };
    }

    @Override
    public void stage(long seed, String stage, int number, int of, double weightsLeft) {
        long each = before[before.length - 1];
        String name = seeds.size() == 1 ? stage : "seed-" + seed + "/" + stage;
        gauge.stage(name, weightsLeft, seeds.indexOf(seed) * each + before[number - 1], seeds.size() * each);
    }

    @Override
    public void step(long step, long steps, double loss) {
        gauge.step(step, steps, loss);
    }

    @Override
    public void note(String line) {
        gauge.note(line);
    }
}
