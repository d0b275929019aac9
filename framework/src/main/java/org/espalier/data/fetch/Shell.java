package org.espalier.data.fetch;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs package clients.
 *
 * @param path folders to look for programs in, as in the environment variable of that name
 * @param limit how long a client may take
 */
public record Shell(String path, Duration limit) {
    /** The machine's own programs, ten minutes each. */
    public static Shell system() {
        return new Shell(System.getenv().getOrDefault("PATH", ""), Duration.ofMinutes(10));
    }

    /** A client ended with an error. */
    static final class Failed extends IOException {
        private static final long serialVersionUID = 1L;

        Failed(String message) {
            super(message);
        }
    }

    /** What reads a client's output. */
    interface Output {
        void read(InputStream in) throws IOException;
    }

    /** Refuses to go on without {@code program}. */
    Path need(String program) throws IOException {
        for (String folder : path.split(File.pathSeparator)) {
            Path candidate = Path.of(folder, program);
            if (Files.isExecutable(candidate) && !folder.isEmpty()) {
                return candidate;
            }
        }
        throw new IOException(program + " is not installed");
    }

    /** Runs a command to its end; an error holds the last of what it said. */
    void run(Path folder, Map<String, String> environment, List<String> command) throws IOException {
        Path said = folder.resolve("said.txt");
        Process process = start(folder, environment, command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        await(process, command, said);
    }

    /** Runs a command and hands on what it writes. */
    void pipe(Path folder, List<String> command, Output output) throws IOException {
        Path said = folder.resolve("said.txt");
        Process process =
                start(folder, Map.of(), command).redirectError(said.toFile()).start();
        try (InputStream in = process.getInputStream()) {
            output.read(in);
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            process.destroyForcibly();
            throw e;
        }
        await(process, command, said);
    }

    private ProcessBuilder start(Path folder, Map<String, String> environment, List<String> command)
            throws IOException {
        List<String> whole = new ArrayList<>(command);
        whole.set(0, need(command.getFirst()).toString());
        ProcessBuilder builder = new ProcessBuilder(whole)
                .directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.environment().putAll(environment);
        return builder;
    }

    private void await(Process process, List<String> command, Path said) throws IOException {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new Failed(text(command) + " took longer than " + limit.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(text(command) + " was interrupted");
        }
        if (process.exitValue() != 0) {
            throw new Failed(text(command) + " ended with " + process.exitValue() + last(said));
        }
    }

    private static String last(Path said) throws IOException {
        byte[] bytes = Files.readAllBytes(said);
        int from = Math.max(0, bytes.length - 1000);
        String text = new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8).strip();
        return text.isEmpty() ? "" : ": " + text.replaceAll("\\s*\\R\\s*", " | ");
    }

    private static String text(List<String> command) {
        return String.join(" ", command);
    }

    /** The one file in {@code folder} whose name ends in {@code suffix}. */
    static Path only(Path folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = files.filter(
                            file -> file.getFileName().toString().endsWith(suffix))
                    .toList();
            if (found.size() != 1) {
                throw new IOException("expected one " + suffix + " file to be downloaded, found " + found.size());
            }
            return found.getFirst();
        }
    }
}
