package org.espalier.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.espalier.experiment.ReportSpec;
import org.espalier.spec.Binder;
import org.espalier.spec.Mark;
import org.espalier.spec.Node;
import org.espalier.spec.SpecException;
import org.espalier.spec.Yaml;

/**
 * What a run left in its directory. A file that is missing or broken costs its part of the report and is named among
 * the problems; a report is most needed when something went wrong.
 *
 * @param directory the run directory
 * @param status {@code status.json}
 * @param environment {@code environment.json}
 * @param spec {@code resolved.yaml} as nodes
 * @param text {@code resolved.yaml} as text
 * @param measured {@code metrics.csv}, and {@code timings.csv}, which no two runs have alike
 * @param selections what was selected, read from {@code selections/}
 * @param report the spec's {@code report:} section
 * @param problems what could not be read, one sentence each
 */
record RunFiles(
        Path directory,
        JsonNode status,
        JsonNode environment,
        Node.Mapping spec,
        String text,
        Measured measured,
        List<SelectionFile> selections,
        ReportSpec report,
        List<String> problems) {

    static RunFiles read(Path directory) throws IOException {
        if (!Files.isDirectory(directory))
            throw new NoSuchFileException(directory.toString(), null, "no run directory");
        List<String> problems = new ArrayList<>();
        JsonNode status = json(directory.resolve("status.json"), problems);
        JsonNode environment = json(directory.resolve("environment.json"), problems);
        String text = text(directory.resolve("resolved.yaml"), problems);
        Node.Mapping spec = spec(text, problems);
        String timings =
                Files.exists(directory.resolve("timings.csv")) ? text(directory.resolve("timings.csv"), problems) : "";
        Measured measured = Measured.of(text(directory.resolve("metrics.csv"), problems), timings);
        if (measured.torn()) problems.add("The last row of metrics.csv or timings.csv was cut short and is left out.");
        return new RunFiles(
                directory,
                status,
                environment,
                spec,
                text,
                measured,
                SelectionFile.all(directory.resolve("selections"), problems),
                report(spec, problems),
                problems);
    }

    private static String text(Path file, List<String> problems) throws IOException {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            problems.add("There is no " + file.getFileName() + ".");
            return "";
        }
    }

    private static JsonNode json(Path file, List<String> problems) throws IOException {
        String text = text(file, problems);
        try {
            JsonNode node = text.isEmpty()
                    ? MissingNode.getInstance()
                    : JsonMapper.builder().build().readTree(text);
            return node instanceof ObjectNode ? node : MissingNode.getInstance();
        } catch (JsonProcessingException e) {
            problems.add(file.getFileName() + " is not JSON: " + e.getOriginalMessage());
            return MissingNode.getInstance();
        }
    }

    private static Node.Mapping spec(String text, List<String> problems) {
        try {
            if (Yaml.parse(text, "resolved.yaml") instanceof Node.Mapping mapping) return mapping;
        } catch (SpecException e) {
            problems.add(e.getMessage());
        }
        return Node.Mapping.empty(new Mark("resolved.yaml", 1, 1));
    }

    private static ReportSpec report(Node.Mapping spec, List<String> problems) {
        Node section = spec.get("report");
        if (section == null) return ReportSpec.PLAIN;
        try {
            return Binder.bind(ReportSpec.class, section);
        } catch (SpecException e) {
            problems.add("The report section cannot be read. " + e.getMessage());
            return ReportSpec.PLAIN;
        }
    }

    /** A text of the spec, empty where it has none. */
    String said(String... path) {
        Node node = spec;
        for (String key : path) node = node instanceof Node.Mapping mapping ? mapping.get(key) : null;
        return node instanceof Node.Scalar scalar && !scalar.isNull() ? scalar.text() : "";
    }

    String name() {
        String name = status.path("name").asText("");
        return !name.isEmpty() ? name : said("name").isEmpty() ? "unnamed run" : said("name");
    }

    String state() {
        return status.path("state").asText("unknown");
    }
}
