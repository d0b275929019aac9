package org.espalier.cli;

import java.io.PrintWriter;
import org.espalier.spec.SpecException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParseResult;

/**
 * Entry point. Exit codes: 0 done; 1 failed; 2 the spec or the command is wrong; 130 and 143 stopped by a signal.
 */
@Command(
        name = "espalier",
        description = "Research on pruning neural networks: one YAML file, one command, one report.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            ShowCommand.class,
            ValidateCommand.class,
            ResumeCommand.class,
            ReportCommand.class,
            CompareCommand.class,
            ListCommand.class,
            DescribeCommand.class,
            SyncCommand.class,
            DataCommand.class,
            MaskCommand.class,
            ExportCommand.class,
            GenerateCommand.class,
            ResampleCommand.class,
            DoctorCommand.class
        })
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true);
        PrintWriter err = new PrintWriter(System.err, true);
        try {
            System.exit(run(out, err, arguments));
        } catch (OutOfMemoryError e) {
            err.println(
                    "espalier: out of memory (" + e.getMessage() + "): set ESPALIER_JAVA_OPTS=-Xmx… if there is more");
            Runtime.getRuntime().halt(ExitCode.SOFTWARE);
        }
    }

    /** Runs one command on the given streams and returns its exit code. */
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine line = new CommandLine(new Main());
        line.setOut(out);
        line.setErr(err);
        line.setUsageHelpAutoWidth(true);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler(Main::explain);
        if (arguments.length == 0) {
            line.usage(err);
            return ExitCode.USAGE;
        }
        return line.execute(arguments);
    }

    /** One line says what went wrong; {@code ESPALIER_DEBUG=1} adds where in the program. */
    private static int explain(Exception failure, CommandLine line, ParseResult ignored) {
        boolean wrongSpec = failure instanceof SpecException || failure instanceof Refusal;
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        line.getErr().println(wrongSpec ? message : "espalier: " + message);
        if (System.getenv("ESPALIER_DEBUG") != null) failure.printStackTrace(line.getErr());
        return wrongSpec ? ExitCode.USAGE : ExitCode.SOFTWARE;
    }

    /** The version stands in the jar's manifest; classes that were not packaged have none. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"espalier " + text()};
        }

        static String text() {
            String packaged = Main.class.getPackage().getImplementationVersion();
            return packaged == null ? "(not packaged)" : packaged;
        }
    }
}
