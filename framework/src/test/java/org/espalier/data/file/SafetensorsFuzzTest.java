package org.espalier.data.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.espalier.reliability.ReaderFuzz;

class SafetensorsFuzzTest extends ReaderFuzz {
    static Stream<byte[]> seeds() throws IOException {
        return Stream.of(HostileSafetensorsTest.sound(folder.resolve("seed")));
    }

    @Override
    protected void read(Path file) throws IOException {
        HostileSafetensorsTest.readAll(file);
    }
}
