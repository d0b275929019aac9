package org.espalier.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Texts that would do something if a page took them for more than text, and a run that says them everywhere. */
final class Payloads {
    static final List<String> ALL = List.of(
            "<script>alert(1)</script>",
            "</script><script>alert(2)</script>",
            "\"><img src=x onerror=alert(3)>",
            "'><svg onload=alert(4)>",
            "<img src=http://127.0.0.1:9/5.png>",
            "<iframe src=javascript:alert(6)></iframe>",
            "javascript:alert(7)",
            "<a href=\"javascript:alert(8)\">click</a>",
            "<b>bold</b><i>8</i><sub>9</sub>",
            "</title><script>alert(10)</script>",
            "</style><script>alert(11)</script>",
            "</textarea></pre></table><script>alert(12)</script>",
            "<!-- --><script>alert(13)</script> -->",
            "<!--<script>",
            "]]><script>alert(15)</script>",
            "\u2028alert(16)\u2029",
            "\\u003cscript\\u003ealert(17)\\u003c/script\\u003e",
            "&lt;script&gt;alert(18)&lt;/script&gt;",
            "&#60;img src=x onerror=alert(19)&#62;",
            "${alert(20)} {{constructor.constructor('alert(20)')()}} %{x}",
            "`;alert(21);//",
            "'-alert(22)-'",
            "<link rel=stylesheet href=http://127.0.0.1:9/23.css>",
            "<meta http-equiv=refresh content=\"0;url=http://127.0.0.1:9/24\">",
            "<base href=http://127.0.0.1:9/25/><form action=x><input autofocus onfocus=alert(25)>");

    private Payloads() {}

    /** A run in which every text is payloads: name, error, labels, metric names, notes, files, environment. */
    static Path run(Path directory) throws IOException {
        RunFixture run = new RunFixture(directory);
        StringBuilder spec = new StringBuilder("name: " + quoted(ALL.get(0)) + "\npaper: { title: " + quoted(ALL.get(9))
                + ", year: " + quoted(ALL.get(2)) + ", id: " + quoted(ALL.get(6))
                + " }\nreport:\n  published: { file: evil.csv }\n");
        spec.append("  names: { train: ").append(quoted(ALL.get(8))).append(" }\n  protocol:\n");
        ALL.forEach(p -> spec.append("    - ").append(quoted(p)).append('\n'));
        spec.append("  figures:\n    - line: { title: ")
                .append(quoted(ALL.get(1)))
                .append(", y: accuracy, of: [train, other], points: [ { say: ")
                .append(quoted(ALL.get(7)))
                .append(", at: 50, y: train/accuracy } ] }\n  claims:\n");
        ALL.forEach(p -> spec.append("    - { say: ")
                .append(quoted(p))
                .append(", ours: train/accuracy, unit: ")
                .append(quoted(p))
                .append(", published: ")
                .append(quoted(p))
                .append(", verdict: '> 0', note: ")
                .append(quoted(p))
                .append(" }\n"));
        run.text("resolved.yaml", spec.toString());
        for (int turn = 0; turn < 3; turn++) {
            run.metric("seed-1", turn, "train/accuracy", 0.9).metric("seed-1", turn, "other/accuracy", 0.8);
            run.metric("seed-1", turn, "evaluate/weights-left", Math.pow(0.5, turn));
            for (String p : ALL) {
                run.metric("seed-1", turn, "evaluate/density." + p, 0.5);
                run.metric("seed-1", turn, p + "/milliseconds " + p, 0.5);
            }
        }
        run.metrics();
        run.text(
                "environment.json",
                Json.of(java.util.Map.of("cpu", ALL.get(3), ALL.get(4), ALL, "espalier", ALL.get(5))));
        run.text(
                "status.json",
                Json.of(java.util.Map.of(
                        "state",
                        "failed",
                        "stage",
                        ALL.get(12),
                        "error",
                        String.join("\n", ALL),
                        "name",
                        String.join(" ", ALL),
                        "key",
                        ALL.get(10),
                        "seeds",
                        ALL,
                        "started",
                        ALL.get(11),
                        "resume",
                        ALL.get(13))));
        Path model = Files.createDirectories(directory.resolve("model"));
        Files.write(model.resolve("<img src=x onerror=alert(26)>.safetensors"), new byte[8]);
        return directory;
    }

    /** A file of published numbers whose cells are payloads. */
    static Path published(Path folder) throws IOException {
        StringBuilder csv = new StringBuilder("paper,table,model,dataset,method,sparsity,metric,value,source\n");
        ALL.forEach(p -> csv.append("p,t,m,d,")
                .append('"')
                .append(p.replace("\"", "\"\""))
                .append("\",50,\"")
                .append(p.replace("\"", "\"\""))
                .append("\",1,\"")
                .append(p.replace("\"", "\"\""))
                .append("\"\n"));
        Files.writeString(Files.createDirectories(folder).resolve("evil.csv"), csv);
        return folder;
    }

    private static String quoted(String text) {
        return '"'
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\u2028", "\\L")
                        .replace("\u2029", "\\P")
                + '"';
    }
}
