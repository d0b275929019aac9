package org.espalier.reliability;

import java.nio.file.Path;
import java.util.Arrays;
import org.espalier.data.Dataset;
import org.espalier.data.Part;
import org.espalier.data.Source;
import org.espalier.data.source.ModularAddition;

/** Modular addition with something wrong in its numbers. */
public record Poisoned(Kind kind) implements Source {
    /** What is wrong. */
    public enum Kind {
        /** One number of one example is NaN. */
        BROKEN,
        /** One feature is 0 in all examples. */
        EMPTY
    }

    private static final int EXAMPLE = 5;
    private static final int FEATURE = 3;

    private static ModularAddition sound() {
        return new ModularAddition(23, 0.4, Part.TRAIN, 0);
    }

    @Override
    public Dataset.Shape form() {
        return sound().form();
    }

    @Override
    public int examples() {
        return sound().examples();
    }

    @Override
    public Dataset open(Path datasets) {
        return new Spoilt(sound().open(datasets), kind);
    }

    private record Spoilt(Dataset sound, Kind kind) implements Dataset {
        @Override
        public String name() {
            return "poisoned";
        }

        @Override
        public int size() {
            return sound.size();
        }

        @Override
        public int[] shape() {
            return sound.shape();
        }

        @Override
        public int classes() {
            return sound.classes();
        }

        @Override
        public int label(int example) {
            return sound.label(example);
        }

        @Override
        public void copy(int example, float[] into, int offset) {
            sound.copy(example, into, offset);
            into[offset + FEATURE] = spoil(example, into[offset + FEATURE]);
        }

        @Override
        public void copyColumns(int[] ids, int first, int count, float[] into, int offset, int stride) {
            sound.copyColumns(ids, first, count, into, offset, stride);
            int at = offset + FEATURE * stride;
            for (int c = 0; c < count; c++) into[at + c] = spoil(ids[first + c], into[at + c]);
        }

        private float spoil(int example, float value) {
            if (kind == Kind.EMPTY) return 0;
            return example == EXAMPLE ? Float.NaN : value;
        }

        @Override
        public String digest() {
            return sound.digest() + kind + Arrays.toString(new int[] {EXAMPLE, FEATURE});
        }
    }
}
