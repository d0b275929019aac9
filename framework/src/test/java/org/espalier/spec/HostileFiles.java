package org.espalier.spec;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Files that attack a YAML reader or surprise its users, with what must come of each. */
final class HostileFiles {
    /** @param expected what the error must contain; empty: the file is read, and its name is {@code name} */
    record Hostile(String title, byte[] bytes, String expected, String name) {}

    private static final String REST = "\ndata: {}\nmodel: lenet\nsteps: []\n";
    private static final String[] GADGETS = {
        "!!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[!!java.net.URL [\"http://localhost:1/\"]]]]",
        "!!com.sun.rowset.JdbcRowSetImpl { dataSourceName: \"ldap://localhost:1/x\", autoCommit: true }",
        "!!java.net.URLClassLoader [[]]",
        "!!org.springframework.beans.factory.config.PropertyPathFactoryBean {}",
        "!!com.mchange.v2.c3p0.WrapperConnectionPoolDataSource { userOverridesAsString: x }",
        "!!javax.management.BadAttributeValueExpException [x]",
        "!!java.util.logging.FileHandler [x]",
        "!<tag:yaml.org,2002:javax.script.ScriptEngineManager> []",
        "!!javax.swing.JEditorPane [\"http://localhost:1/\"]",
        "!!java.lang.ProcessBuilder [[id]]",
    };

    private final List<Hostile> files = new ArrayList<>();

    static List<Hostile> all() {
        HostileFiles all = new HostileFiles();
        all.tags();
        all.bombs();
        all.structure();
        all.characters();
        all.surprises();
        return all.files;
    }

    private void tags() {
        for (String gadget : GADGETS) refused(gadget.split(" ")[0], "name: " + gadget + REST, "tags are not read");
        refused(
                "renamed tag",
                "%TAG ! tag:yaml.org,2002:\n---\nname: !javax.script.ScriptEngineManager []",
                "tags are not read");
        refused("python tag", "name: !!python/object/apply:os.system [id]", "tags are not read");
        refused("string tag", "name: !!str 5", "tags are not read");
        refused("binary tag", "name: !!binary aGVsbG8=", "tags are not read");
        refused("local tag", "name: !thing 5", "tags are not read");
        refused("bare tag", "name: ! 5", "tags are not read");
        refused("tag on a key", "!!str name: x", "tags are not read");
        refused("tag on the root", "!!java.util.Properties { a: b }", "tags are not read");
        refused(
                "class as method",
                "name: x\ndata: {}\nsteps: []\nmodel: javax.script.ScriptEngineManager",
                "is no record");
        refused(
                "class with arguments",
                "name: x\ndata: {}\nsteps: []\nmodel: { javax.swing.JEditorPane: [x] }",
                "is no record");
    }

    private void bombs() {
        StringBuilder laughs = new StringBuilder("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (int i = 1; i <= 9; i++)
            laughs.append("a%d: &a%d [%s]\n"
                    .formatted(i, i, String.join(", ", Collections.nCopies(9, "*a" + (i - 1)))));
        refused("billion laughs", laughs.toString(), "aliases");
        StringBuilder doubling = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i <= 24; i++) doubling.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        refused("doubling within the alias limit", doubling.toString(), "aliases unfolded");
        refused(
                "a long list fifty times",
                "a: &a [" + "1,".repeat(30_000) + "1]\nb: [" + "*a, ".repeat(49) + "*a]",
                "aliases unfolded");
        refused("51 aliases", "a: &a 1\nb: [" + "*a, ".repeat(50) + "*a]", "more than 50 aliases");
        refused(
                "10,000 anchors",
                IntStream.range(0, 10_000).mapToObj(i -> "- &a" + i + " x").collect(Collectors.joining("\n")),
                "more than 50 anchors");
        refused("depth 51", "[".repeat(51) + "]".repeat(51), "nested deeper than 50");
        refused("depth 51 in maps", "{a: ".repeat(51) + "1" + "}".repeat(51), "nested deeper than 50");
        refused("depth 51 in dashes", "- ".repeat(51) + "x", "nested deeper than 50");
        refused(
                "depth 51 by alias",
                "a: &a " + "[".repeat(30) + "]".repeat(30) + "\nb: " + "[".repeat(30) + "*a" + "]".repeat(30),
                "nested deeper than 50");
        refused("depth 500,000", "[\n".repeat(500_000), "nested deeper than 50");
        refused("1 MB and a byte", "name: x\n#" + "x".repeat(Yaml.MAXIMUM_BYTES - 8), "larger than");
        refused("3 MB", "x".repeat(3 << 20), "larger than");
        refused(
                "a long number",
                "name: x\ndata: {}\nmodel: lenet\nsteps: { reinit: " + "9".repeat(60_000) + " }",
                "takes a whole number");
        refused("a long line", "name: " + "9".repeat(900_000), "a line of more than");
        refused("a long key", "k".repeat(900) + ": 1", "a key of more than");
        refused(
                "many keys",
                IntStream.range(0, 60_000).mapToObj(i -> "k" + i + ": 1").collect(Collectors.joining("\n")),
                "more than 50000 values");
    }

    private void structure() {
        refused("list in itself", "name: &a [*a]", "contains itself");
        refused("map in itself", "name: &a { b: *a }", "contains itself");
        refused("recursive key", "? &a [*a]\n: x", "contains itself");
        refused("merge key", "a: &a { b: 1 }\nc:\n  <<: *a", "merge keys are not read");
        refused("anchor twice", "a: &a 1\nb: &a 2", "a second anchor");
        refused("no such anchor", "name: *a", "no anchor '&a'");
        refused("duplicate key", "name: a\nname: b", "duplicate key 'name', first in line 1");
        refused("duplicate key in quotes", "name: a\n\"name\": b", "duplicate key");
        refused(
                "duplicate key inside",
                "name: x\nmodel: { lenet: { hidden: 1, hidden: 2 } }",
                "duplicate key 'hidden'");
        refused("list as key", "? [a, b]\n: c", "a key must be a word");
        refused("two documents", "name: a\n---\nname: b", "a second document");
        refused("empty file", "", "needs 'name'");
        refused("list at the root", "- name: a", "takes a map");
        refused("open bracket", "name: [a, b", "not YAML");
        refused("open quote", "name: \"a", "not YAML");
        refused("bad indentation", "name: x\n  data: {}", "not YAML");
        refused("bad outdentation", "model:\n    lenet: 5\n  data: {}", "indentation");
        refused("backtick", "name: `a`", "not YAML");
    }

    private void characters() {
        refused("tab as indentation", "model:\n\tlenet: 5", "a tab; write spaces");
        refused("tab after a colon", "name:\ttabbed" + REST, "a tab; write spaces");
        read("byte order mark", "\uFEFFname: marked" + REST, "marked");
        refused("mark in the middle", "name: a\uFEFFb", "U+FEFF");
        files.add(new Hostile("UTF-16", ("name: x" + REST).getBytes(UTF_16), "not UTF-8 text", ""));
        files.add(new Hostile(
                "broken UTF-8", new byte[] {'n', 'a', 'm', 'e', ':', ' ', (byte) 0xC3, '('}, "not UTF-8 text", ""));
        refused("zero byte", "name: a\0b", "U+0000");
        refused("escape character", "name: a\u001b[31m", "U+001B");
        refused("impossible escape", "name: \"\\UFFFFFFFF\"", "");
        read("other line ends", "name: dos\r\ndata: {}\r\nmodel: lenet\r\nsteps: []\r\n", "dos");
    }

    private void surprises() {
        for (String text :
                List.of("no", "on", "010", "1:30", "2024-01-01", "2:4", "50_000", "1e-4", "0x10", "=", "+1", "1_000.5"))
            read("text " + text, "name: " + text + REST, text);
        for (String text : List.of("no", "1:30", "0x10", "0b11", "2024-01-01", "1.5", "\"5\"", "~", ""))
            refused(
                    "number " + text,
                    "name: x\ndata: {}\nmodel: lenet\nsteps: { repeat: { times: " + text + ", steps: [] } }",
                    "takes a whole number");
    }

    private void refused(String title, String text, String expected) {
        files.add(new Hostile(title, text.getBytes(UTF_8), expected.isEmpty() ? ":" : expected, ""));
    }

    private void read(String title, String text, String name) {
        files.add(new Hostile(title, text.getBytes(UTF_8), "", name));
    }
}
