package org.espalier.train;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.espalier.launch.Residency;

/** Everything that training has to remember, by name: what is in here is in the checkpoint, and nothing else exists. */
public final class NamedArrays {
    private final Map<String, float[]> arrays;
    private final Set<String> asked = new HashSet<>();
    private long bytes;

    public NamedArrays() {
        this(new LinkedHashMap<>());
    }

    private NamedArrays(Map<String, float[]> arrays) {
        this.arrays = arrays;
    }

    /** The same arrays, with a count of its own of what is asked for. */
    NamedArrays counting() {
        return new NamedArrays(arrays);
    }

    /** The bytes of all arrays that were asked for, those that had been there included. */
    long asked() {
        return bytes;
    }

    /** The array of that name, made of zeros at first use. */
    public float[] array(String name, int size) {
        if (asked.add(name)) bytes += (long) Float.BYTES * size;
        float[] array = arrays.computeIfAbsent(name, n -> new float[size]);
        if (array.length != size)
            throw new IllegalStateException(
                    "the stored array " + name + " has " + array.length + " entries where " + size + " are needed");
        Residency.read(array);
        return array;
    }

    public boolean has(String name) {
        return arrays.containsKey(name);
    }

    /** Takes over an array from a checkpoint. */
    public void put(String name, float[] values) {
        arrays.put(name, values);
    }

    /** All arrays, as they are now. */
    public Map<String, float[]> all() {
        arrays.values().forEach(Residency::read);
        return arrays;
    }
}
