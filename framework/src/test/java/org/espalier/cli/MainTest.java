package org.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void printsHelpToStandardOutputWhenAskedForIt() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("list", "describe", "doctor");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void answersNoCommandAndUnknownCommandsWithCodeTwoOnStandardError() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("lsit")).isEqualTo(2);
        assertThat(err.toString()).contains("lsit");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void listsTheCatalogueByFamily() {
        assertThat(run("list", "data.source")).isZero();
        assertThat(out.toString()).startsWith("data.source\n").contains("  mnist");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void printsJsonThatReadsBack() throws Exception {
        assertThat(run("list", "--json")).isZero();
        assertThat(new ObjectMapper().readTree(out.toString()).findValuesAsText("name"))
                .contains("mnist");
    }

    @Test
    void refusesAnUnknownFamilyInOneLine() {
        assertThat(run("list", "sorce")).isEqualTo(2);
        assertThat(err.toString()).isEqualTo("no family is called sorce\n");
    }

    @Test
    void describesParametersWithTheirDefaults() {
        assertThat(run("describe", "mnist")).isZero();
        assertThat(out.toString()).startsWith("mnist (data.source, org.espalier.data.source.Mnist)\n");
        assertThat(out.toString()).contains("  part: train | holdout | test");
    }

    @Test
    void doctorNamesJdkAndBlasAndKeepsSecretsToItself() {
        assertThat(run("doctor")).isZero();
        assertThat(out.toString()).contains("jdk", "25", "OpenBLAS, kernels for ");
        assertThat(DoctorCommand.withoutSecrets("https://me:secret@host:5000/x"))
                .isEqualTo("https://host:5000/x");
    }

    @Test
    void refusesWhatCannotWorkWithFileLineAndColumn(@TempDir Path folder) throws IOException {
        Path spec = folder.resolve("wrong.yaml");
        Files.writeString(spec, """
                name: wrong
                data: { train: { modular-addition: { modulus: 5 } } }
                model: { lenet: { hidden: [4] } }
                steps:
                  - rewind: init
                """);
        for (String command : new String[] {"validate", "run", "show"}) {
            err.getBuffer().setLength(0);
            assertThat(run(command, spec.toString())).isEqualTo(2);
            assertThat(err.toString()).isEqualTo(spec + ":5:13: rewind: nothing was saved as init; there are none\n");
        }
    }

    private int run(String... arguments) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }
}
