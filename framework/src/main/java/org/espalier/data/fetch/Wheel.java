package org.espalier.data.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Files that lie side by side in a Python package, downloaded by {@code pip download}; nothing of it is installed or run.
 *
 * @param name of the package
 * @param version exactly this one
 * @param folder inside the package
 */
public record Wheel(String name, String version, String folder) implements Way {
    public Wheel {
        Way.plain("name", name);
        Way.plain("version", version);
    }

    @Override
    public String title() {
        return "Python package " + name + " " + version;
    }

    @Override
    public String suffix() {
        return "";
    }

    @Override
    public void bring(Shell shell, Path work, TarReader reader) throws IOException {
        Path wheel = Pip.download(shell, work, name, version);
        try (ZipFile zip = new ZipFile(wheel.toFile())) {
            long most = Math.min(TarReader.MOST_BYTES, Files.size(wheel) * TarReader.MOST_RATIO);
            if (zip.size() > TarReader.MOST_ENTRIES) {
                throw new IOException(wheel.getFileName() + " has more than " + TarReader.MOST_ENTRIES + " entries");
            }
            for (ZipEntry entry : zip.stream().toList()) {
                if (!entry.isDirectory() && entry.getName().startsWith(folder + "/")) {
                    offer(zip, entry, most, reader);
                }
            }
        } catch (ZipException e) {
            throw new IOException(wheel.getFileName() + " is no zip archive: " + e.getMessage(), e);
        }
    }

    private static void offer(ZipFile zip, ZipEntry entry, long most, TarReader reader) throws IOException {
        if (entry.getSize() < 0 || entry.getSize() > most) {
            throw new IOException(entry.getName() + " unpacks to " + entry.getSize() + " bytes, more than " + most);
        }
        try (InputStream in = zip.getInputStream(entry)) {
            reader.offer(entry.getName(), new TarReader.Bounded(in, entry.getSize()), entry.getSize());
        }
    }
}
