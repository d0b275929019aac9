package org.espalier.cli;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.espalier.experiment.Program;
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
        Program program = Home.program(Home.run(run));
        return execution.run(
                output, program, Map.of(), "framework/bin/espalier resume " + run + execution.device(" --device "));
    }
}
