package org.espalier.data.pretrained;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.espalier.data.file.FileFormatException;

/** {@code model.safetensors.index.json}: which tensor is in which file of the same folder. */
final class ShardIndex {
    private static final int MOST_TENSORS = 65_536;
    private static final int MOST_SHARDS = 4_096;

    private ShardIndex() {}

    /**
     * Opens every file of the index.
     *
     * @param shards the open files, by name; filled as they are opened, so that the caller can close them
     * @return for each tensor the file that holds it
     */
    static Map<String, Shard> open(Path index, Map<String, Shard> shards) throws IOException {
        Config places = Config.read(index).nested("weight_map");
        Map<String, Shard> holders = new TreeMap<>();
        for (String tensor : places.keys()) {
            if (holders.size() == MOST_TENSORS) {
                throw new FileFormatException(index, "key 'weight_map'", "has more than " + MOST_TENSORS + " tensors");
            }
            String name = places.text(tensor);
            Shard shard = shards.get(name);
            if (shard == null) {
                shard = open(index, places, tensor, name, shards.size());
                shards.put(name, shard);
            }
            if (!shard.tensors().containsKey(tensor)) {
                throw places.wrong(tensor, "should be in " + name + ", which has no such tensor");
            }
            holders.put(tensor, shard);
        }
        return holders;
    }

    private static Shard open(Path index, Config places, String tensor, String name, int before) throws IOException {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,199}")) {
            throw places.wrong(tensor, "must name a file of the same folder, not '" + name + "'");
        }
        Path path = index.resolveSibling(name);
        if (!Files.isRegularFile(path)) {
            throw places.wrong(tensor, "should be in " + name + ", which is not there");
        }
        if (before == MOST_SHARDS) {
            throw places.wrong(tensor, "is in the " + (MOST_SHARDS + 1) + "th file; that is too many");
        }
        return Shard.open(path);
    }
}
