package org.espalier.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.launch.Launch;

/**
 * A first trace of a network that holds no activations: it only counts who needs which array when. A second trace of the same network
 * then gets arrays that are shared by all activations and gradients which are not needed at one time.
 */
public final class Sketch implements Graph.Memory {
    /** What stands for an array: empty, and told from others by its identity. */
    private record Wanted(float[] stand, int size) {}

    private final List<Wanted> wanted = new ArrayList<>();

    @Override
    public float[] array(int size) {
        float[] stand = new float[0];
        wanted.add(new Wanted(stand, size));
        return stand;
    }

    /**
     * Arrays for a second trace, which has to ask for the same sizes in the same order.
     *
     * @param launches those of the first trace, in the order in which they will run
     */
    public Arena arena(List<Launch> launches) {
        Map<Object, int[]> uses = uses(launches);
        Map<Integer, Deque<Integer>> free = new HashMap<>();
        List<List<Integer>> ending = new ArrayList<>();
        for (int i = 0; i <= launches.size(); i++) ending.add(new ArrayList<>());
        List<List<Integer>> starting = new ArrayList<>();
        for (int i = 0; i < launches.size(); i++) starting.add(new ArrayList<>());
        for (int k = 0; k < wanted.size(); k++) {
            int[] use = uses.get(wanted.get(k).stand());
            if (use != null) starting.get(use[0]).add(k);
        }
        List<Integer> sizes = new ArrayList<>();
        int[] slots = new int[wanted.size()];
        Arrays.fill(slots, -1);
        for (int i = 0; i < launches.size(); i++) {
            for (int k : starting.get(i)) {
                int size = wanted.get(k).size();
                Deque<Integer> fitting = free.computeIfAbsent(size, _ -> new ArrayDeque<>());
                if (fitting.isEmpty()) {
                    sizes.add(size);
                    fitting.push(sizes.size() - 1);
                }
                slots[k] = fitting.pop();
                ending.get(uses.get(wanted.get(k).stand())[1]).add(k);
            }
            for (int k : ending.get(i)) free.get(wanted.get(k).size()).push(slots[k]);
        }
        return new Arena(slots, wanted.stream().mapToInt(Wanted::size).toArray(), sizes);
    }

    /** Of each stand-in the numbers of the first and last launch that it occurs in. */
    private Map<Object, int[]> uses(List<Launch> launches) {
        Map<Object, int[]> uses = new IdentityHashMap<>();
        for (Wanted one : wanted) uses.put(one.stand(), null);
        for (int i = 0; i < launches.size(); i++)
            for (Object argument : launches.get(i).arguments())
                if (uses.containsKey(argument)) {
                    int[] use = uses.get(argument);
                    if (use == null) uses.put(argument, new int[] {i, i});
                    else use[1] = i;
                }
        return uses;
    }

    /** Arrays for the second trace. */
    public static final class Arena implements Graph.Memory {
        private final int[] slots;
        private final int[] wanted;
        private final float[][] arrays;
        private final long bytes;
        private int next;

        private Arena(int[] slots, int[] wanted, List<Integer> sizes) {
            this.slots = slots;
            this.wanted = wanted;
            this.arrays = new float[sizes.size()][];
            this.bytes = sizes.stream().mapToLong(s -> (long) Float.BYTES * s).sum();
        }

        /** What all arrays take together. */
        public long bytes() {
            return bytes;
        }

        @Override
        public float[] array(int size) {
            if (next == slots.length || wanted[next] != size)
                throw new IllegalStateException("the second trace differs from the first: its array number " + next
                        + " has " + size + " entries");
            int slot = slots[next++];
            if (slot >= 0 && arrays[slot] == null) arrays[slot] = new float[size];
            float[] array = slot < 0 ? new float[0] : arrays[slot]; // what no launch ever touches needs no room
            if (next == slots.length) Arrays.fill(arrays, null); // tensors live longer than anybody needs all of them
            return array;
        }
    }
}
