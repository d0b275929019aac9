package org.espalier.data.fetch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Python's package client: downloads wheels, which need not be built; nothing of them is installed or run. */
final class Pip {
    private static final List<List<String>> CLIENTS =
            List.of(List.of("pip"), List.of("pip3"), List.of("python3", "-m", "pip"));

    private Pip() {}

    /** Downloads exactly this version of a package into an empty folder, and says where its wheel is. */
    static Path download(Shell shell, Path folder, String name, String version) throws IOException {
        List<String> command = new ArrayList<>(client(shell));
        command.addAll(List.of("download", "--quiet", "--no-deps", "--no-input", "--disable-pip-version-check"));
        command.addAll(List.of("--no-cache-dir", "--only-binary", ":all:", "--dest", folder.toString()));
        command.add(name + "==" + version);
        shell.run(folder, Map.of(), command);
        return Shell.only(folder, ".whl");
    }

    private static List<String> client(Shell shell) throws IOException {
        for (List<String> client : CLIENTS) {
            try {
                shell.need(client.getFirst());
                return client;
            } catch (IOException absent) {
                continue;
            }
        }
        throw new IOException("pip is not installed");
    }
}
