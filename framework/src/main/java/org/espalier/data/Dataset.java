package org.espalier.data;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.espalier.data.text.Tokenizer;

/** Examples with class labels, in a fixed order. Immutable: any number of threads may read. */
public interface Dataset {
    /** What it is called in reports, such as {@code mnist/train}. */
    String name();

    /** Number of examples. */
    int size();

    /** Dimensions of one example: channels, height, width of an image, otherwise the number of features. */
    int[] shape();

    /** Number of classes. */
    int classes();

    /** The class of an example, from 0. */
    int label(int example);

    /** Labels of one example: 1, or as many as a sequence has tokens. */
    default int labels() {
        return 1;
    }

    /** The label at a position of an example. */
    default int label(int example, int position) {
        return label(example);
    }

    /** What a label counts: 0 where there is nothing to predict. */
    default float weight(int example, int position) {
        return 1f;
    }

    /** How long an example is: labels that count, of a sequence one more, which is its tokens. */
    default int length(int example) {
        int counting = 0;
        for (int p = 0; p < labels(); p++) if (weight(example, p) != 0) counting++;
        return labels() > 1 ? counting + 1 : counting;
    }

    /** What kind of example it is, such as the genre of a text; empty where nothing is known. */
    default String domain(int example) {
        return "";
    }

    /**
     * The example as text, if it is one.
     *
     * @param tokenizer the one that cut it, asked only where there is text
     */
    default Optional<String> text(int example, Supplier<Tokenizer> tokenizer) {
        return Optional.empty();
    }

    /** Writes the features of an example to {@code into[offset]} and on. */
    void copy(int example, float[] into, int offset);

    /**
     * Writes examples as columns: feature {@code f} of {@code ids[first + c]} goes to
     * {@code into[offset + f * stride + c]}.
     *
     * @param into (features, stride); other columns are left alone
     * @param offset the column that the first of them goes to
     */
    void copyColumns(int[] ids, int first, int count, float[] into, int offset, int stride);

    /** SHA-256, in hexadecimal, of all that decides what the examples are. */
    String digest();

    /** Number of features of one example. */
    default int features() {
        return form().features();
    }

    /** What a network has to know of the data it is built for. */
    default Shape form() {
        return new Shape(Arrays.stream(shape()).boxed().toList(), classes());
    }

    /** Writes examples as rows: feature {@code f} of {@code ids[first + r]} goes to {@code into[r * features + f]}. */
    default void copyRows(int[] ids, int first, int count, float[] into) {
        int features = features();
        for (int row = 0; row < count; row++) {
            copy(ids[first + row], into, row * features);
        }
    }

    /**
     * The shape of inputs and outputs.
     *
     * @param example dimensions of one example, as in {@link Dataset#shape}
     * @param classes number of classes; 0 for tokens, of which there are as many as the network has
     */
    record Shape(List<Integer> example, int classes) {
        public Shape {
            example = List.copyOf(example);
        }

        /** Dimensions of one example. */
        public int[] dimensions() {
            return example.stream().mapToInt(Integer::intValue).toArray();
        }

        /** Number of features of one example. */
        public int features() {
            return example.stream().reduce(1, Math::multiplyExact);
        }
    }
}
