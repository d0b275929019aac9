package org.espalier.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.espalier.track.Sync;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "sync",
        description = "Deliver to the MLflow server what earlier runs could not; exit code 1 if something still waits.")
final class SyncCommand implements Callable<Integer> {
    @Mixin
    private Output output;

    @Override
    public Integer call() throws IOException {
        Sync.Outcome outcome = Sync.run(Home.reports(), System.getenv(), output::note);
        output.result(
                outcome,
                () -> "%d delivered, %d waiting, %d refused"
                        .formatted(outcome.sent(), outcome.left(), outcome.refused()));
        return outcome.complete() ? 0 : 1;
    }
}
