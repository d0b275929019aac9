package org.espalier.spec;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.espalier.spec.toy.ToyExperiment;
import org.espalier.spec.toy.Toys;

/** Reads hostile files in a process of its own, whose heap is small and whose loaded classes are on record. */
final class HostileReader {
    /** Loaded when everything that an honest spec needs has been loaded. */
    static final class WarmedUp {
        static final long AT = System.nanoTime();
    }

    /** Time on the processor: other work on the machine must not fail the test. */
    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

    private HostileReader() {}

    /** @param arguments the folder to write the files to; prints a line for each: title, milliseconds, what came of it */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        List<HostileFiles.Hostile> files = HostileFiles.all();
        for (int i = 0; i < files.size(); i++)
            Files.write(folder.resolve(i + ".yaml"), files.get(i).bytes());
        Path honest = Files.writeString(folder.resolve("honest.yaml"), Toys.TICKET);
        for (int i = 0; i < 20; i++) time(honest);
        read(Files.writeString(folder.resolve("wrong.yaml"), Toys.TICKET.replace("magnitude", "magnitudo")));
        if (WarmedUp.AT == 0) throw new AssertionError();
        for (int i = 0; i < files.size(); i++) {
            Path file = folder.resolve(i + ".yaml");
            String result = read(file);
            double milliseconds = Math.min(time(file), time(file));
            System.out.printf(
                    Locale.ROOT,
                    "%s\t%.1f\t%s%n",
                    files.get(i).title(),
                    milliseconds,
                    result.replace(folder + "/", ""));
        }
    }

    private static double time(Path file) {
        long start = CLOCK.getCurrentThreadCpuTime();
        read(file);
        return (CLOCK.getCurrentThreadCpuTime() - start) / 1e6;
    }

    private static String read(Path file) {
        try {
            return "name " + Binder.bind(ToyExperiment.class, Yaml.read(file)).name();
        } catch (SpecException e) {
            return e.getMessage();
        }
    }
}
