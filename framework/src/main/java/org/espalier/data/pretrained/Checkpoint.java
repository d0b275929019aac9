package org.espalier.data.pretrained;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.espalier.data.file.FileFormatException;
import org.espalier.data.text.Tokenizer;

/**
 * A language model's files. Whatever they are, tensors have Hugging Face's names, shapes and conventions, and the
 * configuration the keys of {@code config.json}. Nothing is copied before it is asked for; any number of threads may
 * read. A file that breaks its format is refused with a {@link FileFormatException}, on opening as far as headers go.
 */
public interface Checkpoint extends AutoCloseable {
    /** Opens a Hugging Face folder, its {@code config.json}, or a GGUF file. */
    static Checkpoint open(Path fileOrFolder) throws IOException {
        if (Files.isDirectory(fileOrFolder)) {
            return HuggingFaceFolder.open(fileOrFolder);
        }
        if (!Files.isRegularFile(fileOrFolder)) {
            throw new IOException("no model is at " + fileOrFolder + ": there is no such file or folder");
        }
        return fileOrFolder.getFileName().toString().equals(HuggingFaceFolder.CONFIG)
                ? HuggingFaceFolder.open(fileOrFolder.toAbsolutePath().getParent())
                : GgufCheckpoint.open(fileOrFolder);
    }

    /** What {@code config.json} says, or would say. */
    Config config();

    /** The names of its tensors. */
    Set<String> names();

    /** The dimensions of a tensor, outermost first. */
    long[] shape(String name) throws IOException;

    /**
     * Decodes a tensor straight from the mapped file, using both the caller's and the common pool's threads.
     *
     * @param into exactly as many floats as the tensor has elements, last dimension fastest
     */
    void read(String name, float[] into) throws IOException;

    /**
     * Decodes some rows of a tensor that keeps them one after the other, as tables of vocabularies do; the others are not looked at.
     *
     * @param first the first of {@code count} entries of the tensor's outermost dimension
     * @param at where in {@code into} the first of their elements goes
     * @throws IllegalArgumentException if the tensor lies in another order than its rows do
     */
    void rows(String name, int first, int count, float[] into, int at) throws IOException;

    /** The vocabulary that came with the model, if one did. */
    Optional<Tokenizer> tokenizer() throws IOException;

    /** SHA-256, in hexadecimal, of all its files; taken from the dataset's manifest where that lists them. */
    String digest() throws IOException;

    @Override
    void close() throws IOException;
}
