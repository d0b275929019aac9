package org.espalier.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that every command has, and the two streams they steer. */
final class Output {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print nothing but results and errors.")
    private boolean quiet;

    boolean quiet() {
        return quiet;
    }

    /** Prints the result of a command to standard output: as text, or as JSON where {@code --json} asks for it. */
    void result(Object value, Supplier<String> text) {
        command.commandLine().getOut().println(json ? toJson(value) : text.get().stripTrailing());
    }

    /** Tells the user something that is no result, on standard error. */
    void note(String text) {
        if (!quiet) command.commandLine().getErr().println(text);
    }

    /** Where a run shows how far it is. */
    Gauge gauge() {
        return new Gauge(command.commandLine().getErr(), Integer.getInteger("espalier.columns", 0), System::nanoTime);
    }

    private static String toJson(Object value) {
        try {
            return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("result cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }
}
