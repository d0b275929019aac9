package org.espalier.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.espalier.spec.toy.ToyScore;
import org.espalier.spec.toy.score.Gblm;
import org.espalier.spec.toy.score.Wanda;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtendsTest {
    record Job(
            int size,
            Part part,
            java.util.List<Integer> list,
            @Default("wanda") ToyScore score) {}

    record Part(int a, @Default("0") int b) {}

    @TempDir
    Path folder;

    private Path write(String name, String text) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void mergesMapsAndReplacesLists() throws IOException {
        write("base/far.yaml", "size: 1\npart: { a: 1, b: 1 }\nlist: [1, 2, 3]");
        write("base/near.yaml", "extends: far.yaml\npart: { b: 2 }");
        Path own = write("jobs/own.yaml", "extends: ../base/near.yaml\nlist: [9]\nsize: 5");
        assertThat(Binder.bind(Job.class, Extends.read(own)))
                .isEqualTo(new Job(5, new Part(1, 2), java.util.List.of(9), new Wanda()));
    }

    @Test
    void letsLaterFilesWin() throws IOException {
        write("a.yaml", "size: 1\nlist: 1\npart: { a: 1 }");
        write("b.yaml", "size: 2\npart: { b: 3 }");
        Path own = write("own.yaml", "extends: [a.yaml, b.yaml]");
        assertThat(Binder.bind(Job.class, Extends.read(own)))
                .isEqualTo(new Job(2, new Part(1, 3), java.util.List.of(1), new Wanda()));
    }

    @Test
    void replacesAMethodByAnotherAndMergesTheSame() throws IOException {
        write("base.yaml", "size: 1\nlist: 1\npart: { a: 1 }\nscore: { gblm: { alpha: 3 } }");
        Path other = write("other.yaml", "extends: base.yaml\nscore: { wanda: {} }");
        Path same = write("same.yaml", "extends: base.yaml\nscore: { gblm: { squared: true } }");
        assertThat(Binder.bind(Job.class, Extends.read(other)).score()).isEqualTo(new Wanda());
        assertThat(Binder.bind(Job.class, Extends.read(same)).score()).isEqualTo(new Gblm(3, true));
    }

    @Test
    void namesTheFileAnErrorIsIn() throws IOException {
        Path base = write("base.yaml", "size: 1\nlist: 1\npart: { a: x }");
        Path own = write("own.yaml", "extends: base.yaml\nsize: 2");
        assertThatThrownBy(() -> Binder.bind(Job.class, Extends.read(own)))
                .hasMessage(base + ":3:12: 'a' takes a whole number; found 'x'");
    }

    @Test
    void refusesCyclesAndMissingFiles() throws IOException {
        write("a.yaml", "extends: b.yaml");
        Path b = write("b.yaml", "extends: ./a.yaml");
        assertThatThrownBy(() -> Extends.read(b))
                .hasMessageContaining("a.yaml:1:10: 'b.yaml' extends itself, by way of a.yaml");
        Path own = write("own.yaml", "extends: gone.yaml");
        assertThatThrownBy(() -> Extends.read(own)).hasMessageContaining("own.yaml:1:10: no such file: ");
        for (String no : new String[] {"\\0", "\\uD800", "a\\uDC00b"}) {
            Path odd = write("odd.yaml", "extends: \"" + no + "\"");
            assertThatThrownBy(() -> Extends.read(odd))
                    .isInstanceOf(SpecException.class)
                    .hasMessageContaining("odd.yaml:1:10: U+")
                    .hasMessageContaining("is no character of a text");
        }
        assertThatThrownBy(() -> Extends.read(folder.resolve("none.yaml")))
                .hasMessageEndingWith("none.yaml:1:1: no such file");
        assertThatThrownBy(() -> Extends.read(write("map.yaml", "extends: { a: b }")))
                .hasMessageContaining("'extends' takes a file or a list of files");
    }

    @Test
    void refusesToReadFilesWithoutEnd() throws IOException {
        write("x0.yaml", "size: 1");
        for (int i = 1; i < 10; i++)
            write("x" + i + ".yaml", "extends: [x%d.yaml, x%d.yaml, x%d.yaml]".formatted(i - 1, i - 1, i - 1));
        assertThatThrownBy(() -> Extends.read(folder.resolve("x9.yaml")))
                .hasMessageContaining("extends more than 50 files");
    }
}
