package org.espalier.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The top of a page: what was run, how it ended, and what went wrong. */
final class Headline {
    private Headline() {}

    static Html of(RunFiles files) {
        String state = files.state();
        List<Object> parts = new ArrayList<>();
        parts.add(Html.element(
                "h1",
                files.name(),
                " ",
                Html.styled("span", "badge " + (state.matches("[a-z]{1,20}") ? state : "unknown"), state)));
        parts.add(paper(files));
        parts.add(Html.styled("dl", "facts", facts(files).entrySet().stream().map(Headline::fact)));
        parts.addAll(trouble(files));
        return Html.element("header", parts);
    }

    private static Object paper(RunFiles files) {
        String title = files.said("paper", "title");
        if (title.isEmpty()) return List.of();
        String year = files.said("paper", "year");
        String id = files.said("paper", "id");
        Object cited = id.matches("\\d{4}\\.\\d{4,5}")
                ? Html.with("a", "href", "https://arxiv.org/abs/" + id)
                        .with("rel", "noreferrer")
                        .of(title)
                : title;
        return Html.styled("p", "paper", cited, year.isEmpty() ? "" : " (" + year + ")");
    }

    private static Html fact(Map.Entry<String, String> fact) {
        return Html.element("div", Html.element("dt", fact.getKey()), Html.element("dd", fact.getValue()));
    }

    private static Map<String, String> facts(RunFiles files) {
        JsonNode status = files.status();
        JsonNode environment = files.environment();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("key", head(status.path("key").asText(""), 12));
        facts.put("seeds", seeds(files));
        facts.put("started", moment(status.path("started").asText("")));
        facts.put(
                "took",
                status.path("seconds").isNumber()
                        ? duration(status.path("seconds").asDouble())
                        : "");
        facts.put("processor", environment.path("cpu").asText(""));
        facts.put("threads", environment.path("threads").asText(""));
        facts.put("device", environment.path("device").asText(""));
        facts.put("commit", commit(environment.path("git")));
        facts.values().removeIf(String::isBlank);
        return facts;
    }

    private static String seeds(RunFiles files) {
        JsonNode seeds = files.status().path("seeds");
        if (!seeds.isArray()) return String.join(", ", files.measured().runs());
        return StreamSupport.stream(seeds.spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining(", "));
    }

    private static String commit(JsonNode git) {
        String commit = git.path("commit").asText("");
        String shown = head(commit, 10);
        return shown.isEmpty()
                        || git.path("dirty").asText("").isEmpty()
                        || git.path("dirty").isNull()
                ? shown
                : shown + " with local changes";
    }

    private static String head(String text, int length) {
        return text.substring(0, Math.min(length, text.length()));
    }

    private static String moment(String iso) {
        return iso.replaceFirst("T", " ")
                .replaceFirst("(:\\d\\d:\\d\\d)\\.\\d+", "$1")
                .replaceFirst("Z$", " UTC");
    }

    private static String duration(double seconds) {
        if (seconds < 60) return String.format(Locale.ROOT, "%.1f s", seconds);
        long whole = Math.round(seconds);
        return whole < 3600
                ? whole / 60 + " min " + whole % 60 + " s"
                : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }

    private static List<Object> trouble(RunFiles files) {
        List<Object> trouble = new ArrayList<>();
        JsonNode status = files.status();
        String error = status.path("error").isNull() ? "" : status.path("error").asText("");
        if (!files.state().equals("finished")) {
            String stage = status.path("stage").asText("");
            String resume = status.path("resume").asText("");
            trouble.add(Html.styled(
                    "div",
                    "trouble",
                    Html.element("p", Html.element("strong", ended(files.state(), stage))),
                    error.isEmpty() ? List.of() : Html.element("pre", error),
                    resume.isEmpty() ? List.of() : Html.element("p", "To go on: ", Html.element("code", resume))));
        }
        if (!files.problems().isEmpty()) {
            trouble.add(Html.styled(
                    "div",
                    "trouble",
                    Html.element("p", Html.element("strong", "Not everything could be read or drawn.")),
                    Html.element("ul", files.problems().stream().map(p -> Html.element("li", p)))));
        }
        return trouble;
    }

    private static String ended(String state, String stage) {
        String at = stage.isEmpty() ? "" : " at " + stage;
        return switch (state) {
            case "failed" -> "The run failed" + at + ". What follows was measured before.";
            case "stopped" -> "The run was stopped" + at + ". What follows was measured before.";
            case "running" ->
                "The run had not ended when this page was written" + (at.isEmpty() ? "" : "; it was" + at) + ".";
            default -> "How the run ended is not known.";
        };
    }
}
