package org.espalier.data.fetch;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.espalier.spec.Default;

/**
 * A package of npm, downloaded by {@code npm pack}; nothing of it is installed or run.
 *
 * @param name of the package
 * @param version exactly this one
 * @param folder inside the package, whose own top folder is {@code package}
 * @param suffix of the files inside the package
 */
public record Npm(
        String name,
        String version,
        String folder,
        @Default("''") String suffix) implements Way {
    public Npm {
        Way.plain("name", name);
        Way.plain("version", version);
    }

    @Override
    public String title() {
        return "npm package " + name + " " + version;
    }

    @Override
    public void bring(Shell shell, Path work, TarReader reader) throws IOException {
        Map<String, String> own =
                Map.of("npm_config_cache", work.resolve("cache").toString(), "npm_config_update_notifier", "false");
        shell.run(work, own, List.of("npm", "pack", "--ignore-scripts", "--silent", name + "@" + version));
        Path archive = Shell.only(work, ".tgz");
        try (InputStream in = new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive)), 1 << 16)) {
            reader.read(in, Files.size(archive));
        }
    }
}
