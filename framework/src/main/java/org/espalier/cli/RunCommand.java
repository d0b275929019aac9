package org.espalier.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "run", description = "Run a spec, go on with it, or say that it is done.")
final class RunCommand implements Callable<Integer> {
    @Mixin
    private Output output;

    @Mixin
    private Target target;

    @Mixin
    private Execution execution;

    @Override
    public Integer call() throws IOException {
        return execution.run(output, target.program(), target.written(), target.again() + execution.device(" DEVICE="));
    }
}
