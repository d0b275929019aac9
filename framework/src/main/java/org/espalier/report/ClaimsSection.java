package org.espalier.report;

import java.util.ArrayList;
import java.util.List;
import org.espalier.report.Finding.Verdict;

/** What the paper says beside what came out here, and where the two protocols differ. */
final class ClaimsSection {
    private ClaimsSection() {}

    static List<Html> of(RunReport.Parts parts) {
        List<Html> sections = new ArrayList<>();
        List<Finding> findings = parts.findings();
        if (!findings.isEmpty()) {
            sections.add(Html.element(
                    "section",
                    Html.element("h2", "The paper's claims, and ours"),
                    Html.styled("p", "verdict", summary(findings)),
                    table(findings),
                    Page.csv(parts.claims())));
        }
        List<String> protocol = parts.files().report().protocol();
        if (!protocol.isEmpty()) {
            sections.add(Html.element(
                    "section",
                    Html.element("h2", "Where our protocol differs"),
                    Html.element("ul", protocol.stream().map(p -> Html.element("li", p)))));
        }
        return sections;
    }

    private static String summary(List<Finding> findings) {
        long hold = count(findings, Verdict.HOLDS);
        long missing = count(findings, Verdict.NOT_MEASURED);
        String rest = missing == 0 ? "" : "; " + missing + (missing == 1 ? " was" : " were") + " not measured";
        return hold + " of " + findings.size() + " claims hold" + rest + ".";
    }

    private static long count(List<Finding> findings, Verdict verdict) {
        return findings.stream().filter(f -> f.verdict() == verdict).count();
    }

    private static Html table(List<Finding> findings) {
        Html head = Html.element(
                "tr",
                List.of("claim", "paper", "ours", "difference", "verdict").stream()
                        .map(h -> Html.element("th", h)));
        return Html.styled(
                "table",
                "claims",
                Html.element("thead", head),
                Html.element("tbody", findings.stream().map(ClaimsSection::row)));
    }

    private static Html row(Finding finding) {
        String style =
                finding.verdict().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        return Html.styled(
                "tr",
                style,
                Html.styled(
                        "td",
                        "claim",
                        finding.claim(),
                        finding.note().isEmpty() ? List.of() : Html.styled("small", "note", finding.note())),
                cell("paper", finding.published(), finding.source()),
                cell("ours", finding.ours(), "asked: " + finding.asked()),
                cell("difference", finding.difference(), ""),
                Html.with("td", "data-label", "verdict")
                        .of(Html.styled("span", "mark", finding.verdict().toString())));
    }

    private static Html cell(String label, String value, String small) {
        return Html.with("td", "data-label", label)
                .with("class", value.equals("–") ? "none" : "some")
                .of(Html.styled("span", "value", value), small.isEmpty() ? List.of() : Html.element("small", small));
    }
}
