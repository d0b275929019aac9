package org.espalier.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.espalier.report.Html.Tag;

/** One HTML file that needs nothing else: styles, script, plots and data are inside, and it may load nothing. */
final class Page {
    private static final String STYLE = resource("report.css");
    private static final String PLOTLY = resource("plotly-basic-2.35.3.min.js");
    private static final String SCRIPT = resource("report.js");

    private final RunReport.Parts parts;

    private Page(RunReport.Parts parts) {
        this.parts = parts;
    }

    static String of(RunReport.Parts parts) {
        Page page = new Page(parts);
        Html html = Html.with("html", "lang", "en").of(page.head(), page.body());
        return "<!DOCTYPE html>\n" + html + "\n";
    }

    private Html head() {
        return Html.element(
                "head",
                Html.with("meta", "charset", "utf-8").of(),
                Html.with("meta", "http-equiv", "Content-Security-Policy")
                        .with("content", policy())
                        .of(),
                Html.with("meta", "name", "viewport")
                        .with("content", "width=device-width, initial-scale=1")
                        .of(),
                Html.with("meta", "name", "color-scheme")
                        .with("content", "light dark")
                        .of(),
                Html.with("meta", "name", "referrer")
                        .with("content", "no-referrer")
                        .of(),
                Html.element("title", parts.files().name() + " · Espalier"),
                Html.inline(new Tag("style"), STYLE),
                // Plotly adds its rules to the element of this name; were it missing, the policy would stop it.
                Html.inline(new Tag("style").with("id", "plotly.js-style-global"), ""));
    }

    private static String policy() {
        return "default-src 'none'; script-src " + hash(PLOTLY) + " " + hash(SCRIPT) + "; style-src " + hash(STYLE)
                + " " + hash("") + "; base-uri 'none'; form-action 'none'";
    }

    private Html body() {
        Html main = Html.element(
                "main",
                Headline.of(parts.files()),
                ClaimsSection.of(parts),
                parts.methods().stream().map(this::sideBySide),
                results(),
                parts.charts().stream().map(this::figure),
                section("The figures in numbers", seeds(), parts.levels()),
                folded("Every metric, turn by turn", parts.turns()),
                parts.turns().isEmpty()
                        ? section("Weights left, layer by layer", "", parts.layers())
                        : folded("Weights left, layer by layer", parts.layers()),
                section("What was selected", selections(), parts.selections()),
                section(
                        "Selections by kind",
                        "Share of the examples of each domain or class, in per cent.",
                        parts.domains()),
                folded("Published numbers", parts.published()),
                folded("Environment", parts.environment()),
                spec(),
                folded("Files", parts.contents()),
                footer());
        List<Object> scripts = new ArrayList<>();
        if (!parts.charts().isEmpty()) {
            String data = Json.of(parts.charts().stream().map(Plotly::json).toList());
            scripts.add(Html.inline(
                    new Tag("script").with("type", "application/json").with("id", "charts"), data));
            scripts.add(Html.inline(new Tag("script"), PLOTLY));
            scripts.add(Html.inline(new Tag("script"), SCRIPT));
        }
        return Html.element("body", main, scripts);
    }

    private Html results() {
        if (parts.results().isEmpty() && parts.turns().isEmpty()) {
            return Html.element(
                    "section",
                    Html.element("h2", "Results"),
                    Html.styled("p", "quiet", "No evaluation was measured before the run ended."));
        }
        if (parts.results().isEmpty()) return Html.text("");
        return Html.element(
                "section",
                Html.element("h2", "Results"),
                seeds().isEmpty() ? List.of() : Html.styled("p", "quiet", seeds()),
                parts.kinds().stream().map(Sheet::html),
                csv(parts.results()));
    }

    /** In full height: such a table is what a reader came for. */
    private Html sideBySide(MethodTable table) {
        return Html.styled("div", "whole", section(table.title(), seeds(), table.sheet()));
    }

    private String seeds() {
        int n = parts.files().measured().runs().size();
        return n < 2 ? "" : "Mean ± standard deviation of " + n + " seeds.";
    }

    private String selections() {
        return parts.files().selections().size() < SelectionFile.MOST
                ? ""
                : "The first " + SelectionFile.MOST + "; all of them are in the folder selections.";
    }

    private Html figure(Chart chart) {
        boolean empty = chart.traces().isEmpty();
        List<Html> plot = empty
                ? List.of(Html.styled("p", "quiet", "Not measured in this run."))
                : List.of(
                        Html.styled("div", "legend"),
                        Html.with("div", "id", "plot-" + chart.id())
                                .with("class", "plot")
                                .of());
        return Html.with("section", "class", "figure")
                .with("id", chart.id())
                .of(
                        Html.element("h2", chart.title()),
                        chart.caption().isEmpty() ? List.of() : Html.styled("p", "quiet", chart.caption()),
                        plot,
                        parts.stills().contains(chart.id()) ? stills(chart) : List.of());
    }

    private static Html stills(Chart chart) {
        return Html.styled(
                "p",
                "files",
                "For papers: ",
                Html.with("a", "href", "figures/" + chart.id() + ".svg").of("SVG"),
                " · ",
                Html.with("a", "href", "figures/" + chart.id() + ".png").of("PNG"));
    }

    private static Html section(String title, String text, Sheet sheet) {
        if (sheet.isEmpty()) return Html.text("");
        return Html.element(
                "section",
                Html.element("h2", title),
                text.isEmpty() ? List.of() : Html.styled("p", "quiet", text),
                sheet.html(),
                csv(sheet));
    }

    private static Html folded(String title, Sheet sheet) {
        if (sheet.isEmpty()) return Html.text("");
        return Html.element("details", Html.element("summary", title), sheet.html(), csv(sheet));
    }

    static Html csv(Sheet sheet) {
        return Html.styled(
                "p",
                "files",
                Html.with("a", "href", "tables/" + sheet.name() + ".csv").of("CSV"));
    }

    private Html spec() {
        if (parts.files().text().isEmpty()) return Html.text("");
        return Html.element(
                "details",
                Html.element("summary", "Spec, with every default"),
                Html.element("pre", parts.files().text()));
    }

    private Html footer() {
        String version = parts.files().environment().path("espalier").asText("");
        return Html.element(
                "footer",
                "Written by Espalier " + version + " from "
                        + parts.files().measured().size()
                        + " measured points. This page is one file and loads nothing.");
    }

    private static String hash(String code) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(code.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            if (in == null) throw new IllegalStateException("this build lacks the resource " + name);
            // A browser reads line ends as \n before it hashes.
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("\r\n", "\n")
                    .replace('\r', '\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
