package org.espalier.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import org.espalier.experiment.Program;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "validate", description = "Check a spec without running it; no data is needed.")
final class ValidateCommand implements Callable<Integer> {
    @Mixin
    private Output output;

    @Mixin
    private Target target;

    @Override
    public Integer call() {
        Program program = target.program();
        String name = program.experiment().name();
        output.result(
                Map.of("name", name, "key", program.key().digest()),
                () -> name + " is right; its key is " + program.key());
        return 0;
    }
}
