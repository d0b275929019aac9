package org.espalier.data.fetch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.espalier.spec.Default;

/**
 * A package of Debian or its children, downloaded by {@code apt-get download} and opened by {@code dpkg-deb}; nothing is
 * installed, and no step needs root.
 *
 * @param name of the package
 * @param folder inside the package
 * @param suffix of the files inside the package
 */
public record Debian(
        String name, String folder, @Default("''") String suffix) implements Way {
    public Debian {
        Way.plain("name", name);
    }

    @Override
    public String title() {
        return "Debian package " + name;
    }

    @Override
    public void bring(Shell shell, Path work, TarReader reader) throws IOException {
        shell.need("dpkg-deb");
        try {
            shell.run(work, Map.of(), List.of("apt-get", "-q", "download", name));
        } catch (Shell.Failed e) {
            downloadWithOwnLists(shell, work, e);
        }
        Path archive = Shell.only(work, ".deb");
        shell.pipe(work, List.of("dpkg-deb", "--fsys-tarfile", archive.toString()), in -> {
            reader.read(in, Files.size(archive));
        });
    }

    /** The machine's package lists may be missing or old, and only root may renew them; a private copy does as well. */
    private void downloadWithOwnLists(Shell shell, Path work, IOException first) throws IOException {
        Path apt = Files.createDirectory(work.resolve("apt"));
        Files.createDirectories(apt.resolve("state/lists/partial"));
        Files.createDirectories(apt.resolve("cache/archives/partial"));
        String state = "Dir::State=" + apt.resolve("state");
        String cache = "Dir::Cache=" + apt.resolve("cache");
        try {
            shell.run(work, Map.of(), List.of("apt-get", "-q", "-o", state, "-o", cache, "update"));
            shell.run(work, Map.of(), List.of("apt-get", "-q", "-o", state, "-o", cache, "download", name));
        } catch (IOException e) {
            e.addSuppressed(first);
            throw new IOException(
                    first.getMessage() + "; with fresh package lists of our own: " + e.getMessage()
                            + " (if the machine's lists are old, 'apt-get update' as root renews them)",
                    e);
        }
    }
}
