package org.espalier.data;

import java.util.Arrays;
import java.util.List;
import org.espalier.data.file.Digest;

/** Short sequences of tokens, each token one-hot, side by side: feature {@code position * vocabulary + token} is 1. */
public final class OneHotExamples implements Dataset {
    private final String name;
    private final int vocabulary;
    private final int length;
    private final int[] tokens;
    private final int[] labels;
    private final Shape form;

    /**
     * @param vocabulary number of different tokens
     * @param length tokens in one example
     * @param tokens {@code length} for each of {@code labels}
     */
    public OneHotExamples(String name, int vocabulary, int classes, int length, int[] tokens, int[] labels) {
        this.name = name;
        this.vocabulary = vocabulary;
        this.length = length;
        this.tokens = tokens.clone();
        this.labels = labels.clone();
        this.form = new Shape(List.of(length * vocabulary), classes);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public int[] shape() {
        return new int[] {length * vocabulary};
    }

    @Override
    public Shape form() {
        return form;
    }

    @Override
    public int classes() {
        return form.classes();
    }

    @Override
    public int label(int example) {
        return labels[example];
    }

    @Override
    public void copy(int example, float[] into, int offset) {
        Arrays.fill(into, offset, offset + length * vocabulary, 0);
        for (int position = 0; position < length; position++) {
            into[offset + feature(example, position)] = 1;
        }
    }

    @Override
    public void copyColumns(int[] ids, int first, int count, float[] into, int offset, int stride) {
        for (int feature = 0; feature < length * vocabulary; feature++) {
            Arrays.fill(into, offset + feature * stride, offset + feature * stride + count, 0);
        }
        for (int column = 0; column < count; column++) {
            for (int position = 0; position < length; position++) {
                into[offset + feature(ids[first + column], position) * stride + column] = 1;
            }
        }
    }

    @Override
    public String digest() {
        return Digest.of(name + " " + vocabulary + " " + Arrays.toString(tokens) + Arrays.toString(labels))
                .sha256();
    }

    private int feature(int example, int position) {
        return position * vocabulary + tokens[example * length + position];
    }
}
