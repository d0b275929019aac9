package org.espalier.data;

/** Examples of {@link #labels()} tokens each, which are written as floats; the label of each is the token that follows it. */
interface TokenExamples extends Dataset {
    /** The token at a position of an example. */
    int token(int example, int position);

    @Override
    default int label(int example) {
        return label(example, 0);
    }

    @Override
    default int classes() {
        return form().classes();
    }

    @Override
    default int[] shape() {
        return new int[] {labels()};
    }

    @Override
    default void copy(int example, float[] into, int offset) {
        int length = labels();
        for (int position = 0; position < length; position++) into[offset + position] = token(example, position);
    }

    @Override
    default void copyColumns(int[] ids, int first, int count, float[] into, int offset, int stride) {
        int length = labels();
        for (int column = 0; column < count; column++)
            for (int position = 0; position < length; position++)
                into[offset + position * stride + column] = token(ids[first + column], position);
    }
}
