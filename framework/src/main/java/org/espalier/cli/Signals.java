package org.espalier.cli;

import org.espalier.experiment.Stop;
import sun.misc.Signal;

/** Turns SIGINT and SIGTERM into a request to stop; a second signal ends the process at once. */
final class Signals {
    private Signals() {}

    static void ask(Stop stop) {
        for (String name : new String[] {"INT", "TERM"})
            Signal.handle(new Signal(name), signal -> {
                int exitCode = 128 + signal.getNumber();
                if (stop.asked()) Runtime.getRuntime().halt(exitCode);
                stop.ask(exitCode);
            });
    }
}
