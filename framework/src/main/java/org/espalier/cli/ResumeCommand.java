package org.espalier.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.espalier.experiment.Experiment;
import org.espalier.experiment.Planner;
import org.espalier.experiment.Program;
import org.espalier.experiment.RunFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "resume", description = "Go on with a run that was stopped, from its folder alone.")
final class ResumeCommand implements Callable<Integer> {
    @Mixin
    private Output output;

    @Mixin
    private Execution execution;

    @Parameters(paramLabel = "RUN", description = "A run's folder, or its name/key in reports/runs.")
    private String run;

    @Override
    public Integer call() throws IOException {
        Path folder = Home.run(run);
        Path resolved = folder.resolve("resolved.yaml");
        if (!Files.isRegularFile(resolved))
            throw new Refusal(folder + " has no resolved.yaml: nothing was begun there");
        Program program = Planner.plan(
                Experiment.read(resolved, ""), Home.places(new RunFolder(folder).specs(Home.experiments())));
        if (!program.key().shortened().equals(folder.getFileName().toString()))
            throw new Refusal("the program has changed since this run began: it would now be " + program.key()
                    + "; make run starts it anew");
        return execution.run(output, program, Map.of(), "framework/bin/espalier resume " + run);
    }
}
