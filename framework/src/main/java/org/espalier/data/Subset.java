package org.espalier.data;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import org.espalier.data.file.Digest;
import org.espalier.data.text.Tokenizer;

/** Some examples of another dataset, in its order: what a selection leaves. */
public final class Subset implements Dataset {
    private final String name;
    private final Dataset of;
    private final int[] ids;
    private final String digest;

    /**
     * @param name what it is called in reports
     * @param ids numbers of examples of {@code of}, rising
     * @throws IllegalArgumentException naming the first number that is out of place
     */
    public Subset(String name, Dataset of, int[] ids) {
        this.name = name;
        this.of = of;
        this.ids = ids.clone();
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= of.size() || i > 0 && ids[i] <= ids[i - 1]) {
                throw new IllegalArgumentException("example " + ids[i] + " of " + of.name()
                        + " is out of place: numbers rise, from 0 to " + (of.size() - 1));
            }
        }
        this.digest = Digest.of(of.digest() + Arrays.toString(ids)).sha256();
    }

    /** The number that an example has in the dataset it was chosen from. */
    public int original(int example) {
        return ids[example];
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int size() {
        return ids.length;
    }

    @Override
    public int[] shape() {
        return of.shape();
    }

    @Override
    public Shape form() {
        return of.form();
    }

    @Override
    public int classes() {
        return of.classes();
    }

    @Override
    public int label(int example) {
        return of.label(ids[example]);
    }

    @Override
    public int labels() {
        return of.labels();
    }

    @Override
    public int label(int example, int position) {
        return of.label(ids[example], position);
    }

    @Override
    public float weight(int example, int position) {
        return of.weight(ids[example], position);
    }

    @Override
    public String domain(int example) {
        return of.domain(ids[example]);
    }

    @Override
    public Optional<String> text(int example, Supplier<Tokenizer> tokenizer) {
        return of.text(ids[example], tokenizer);
    }

    @Override
    public void copy(int example, float[] into, int offset) {
        of.copy(ids[example], into, offset);
    }

    @Override
    public void copyColumns(int[] wanted, int first, int count, float[] into, int offset, int stride) {
        int[] originals = new int[count];
        for (int i = 0; i < count; i++) {
            originals[i] = ids[wanted[first + i]];
        }
        of.copyColumns(originals, 0, count, into, offset, stride);
    }

    @Override
    public String digest() {
        return digest;
    }
}
