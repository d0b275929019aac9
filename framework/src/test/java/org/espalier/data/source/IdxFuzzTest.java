package org.espalier.data.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.espalier.reliability.ReaderFuzz;

class IdxFuzzTest extends ReaderFuzz {
    static Stream<byte[]> seeds() {
        return Stream.of(new byte[] {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4});
    }

    @Override
    protected void read(Path file) throws IOException {
        IdxFile.read(file, 3);
    }
}
