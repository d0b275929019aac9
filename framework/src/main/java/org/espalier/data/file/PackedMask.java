package org.espalier.data.file;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.Collectors;

/**
 * A mask as one bit a weight: a flat U8 tensor whose metadata entry {@code <name>.mask} holds the mask's own shape, as
 * in {@code 300x784}. Bit {@code i % 8} of byte {@code i / 8}, lowest first, is set where weight {@code i} is kept.
 */
final class PackedMask {
    private PackedMask() {}

    static String key(String name) {
        return name + ".mask";
    }

    static String shape(int[] dimensions) {
        return Arrays.stream(dimensions).mapToObj(Integer::toString).collect(Collectors.joining("x"));
    }

    static byte[] pack(boolean[] keep) {
        byte[] bits = new byte[bytes(keep.length)];
        for (int i = 0; i < keep.length; i++) {
            if (keep[i]) {
                bits[i / 8] |= (byte) (1 << (i % 8));
            }
        }
        return bits;
    }

    static boolean[] read(Path file, StoredTensor tensor, String shape, byte[] bits) throws FileFormatException {
        int size = size(file, tensor, shape);
        BitSet set = BitSet.valueOf(bits);
        if (bits.length != bytes(size) || set.length() > size) {
            throw new FileFormatException(
                    file,
                    tensor.begin(),
                    "mask '" + tensor.name() + "' has " + bits.length + " bytes, which do not fit its shape " + shape);
        }
        boolean[] keep = new boolean[size];
        set.stream().forEach(i -> keep[i] = true);
        return keep;
    }

    private static int size(Path file, StoredTensor tensor, String shape) throws FileFormatException {
        if (shape == null) {
            throw new FileFormatException(
                    file, tensor.begin(), "tensor '" + tensor.name() + "' is no mask: no '" + key(tensor.name()) + "'");
        }
        try {
            int size = 1;
            for (String dimension : shape.isEmpty() ? new String[0] : shape.split("x", -1)) {
                size = Math.multiplyExact(size, Integer.parseUnsignedInt(dimension));
            }
            return size;
        } catch (ArithmeticException | NumberFormatException e) {
            throw new FileFormatException(
                    file, tensor.begin(), "mask '" + tensor.name() + "' has the shape '" + shape + "'");
        }
    }

    private static int bytes(int bits) {
        return Math.ceilDiv(bits, 8);
    }
}
