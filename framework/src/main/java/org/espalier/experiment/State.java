package org.espalier.experiment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.espalier.data.file.Digest;
import org.espalier.data.file.ElementType;
import org.espalier.data.file.Safetensors;
import org.espalier.data.file.SafetensorsWriter;
import org.espalier.engine.Mask;
import org.espalier.engine.Parameter;
import org.espalier.models.Model;
import org.espalier.train.NamedArrays;

/**
 * All arrays of one seed's run: the model with its masks, what steps have saved, what was selected, and what a training in
 * progress remembers. This is what checkpoints hold.
 */
final class State {
    private static final String MASK = "mask/";
    private static final int CHUNK = 1 << 14;

    private final Model model;
    private final Map<String, Map<String, float[]>> saves = new LinkedHashMap<>();
    private final Map<String, Chosen> chosen = new LinkedHashMap<>();
    private NamedArrays training = new NamedArrays();

    State(Model model) {
        this.model = model;
    }

    Model model() {
        return model;
    }

    NamedArrays training() {
        return training;
    }

    void forgetTraining() {
        training = new NamedArrays();
    }

    /** Remembers all parameters and masks as they are. */
    void save(String name) {
        Map<String, float[]> values = new LinkedHashMap<>();
        for (Parameter p : model.parameters()) {
            values.put(p.name(), p.value().clone());
            if (p.survivors() != null) values.put(MASK + p.name(), p.mask());
        }
        saves.put(name, values);
    }

    /** Gives another network, of the same form, the weights and masks that were saved under a name. */
    void show(String name, Model other) {
        Map<String, float[]> values = saves.get(name);
        for (Parameter p : other.parameters()) {
            p.mask(values.get(MASK + p.name()));
            p.load(values.get(p.name()));
        }
    }

    /** SHA-256, in hexadecimal, of all parameters as they are. */
    String digest() {
        Digest.Running running = new Digest.Running();
        for (Parameter p : model.parameters()) {
            addName(running, p.name());
            for (int first = 0; first < p.size(); ) first += add(running, p.passing(first));
        }
        return running.end().sha256();
    }

    /** The same of those that were saved under a name. */
    String digest(String name) {
        Digest.Running running = new Digest.Running();
        new TreeMap<>(saves.get(name)).forEach((parameter, values) -> {
            addName(running, parameter);
            add(running, values);
        });
        return running.end().sha256();
    }

    private static void addName(Digest.Running running, String name) {
        running.add(ByteBuffer.wrap(name.getBytes(StandardCharsets.UTF_8)));
    }

    /** Adds values; returns how many. */
    private static int add(Digest.Running running, float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Float.BYTES);
        for (int at = 0; at < values.length; at += CHUNK) {
            int count = Math.min(CHUNK, values.length - at);
            bytes.clear().asFloatBuffer().put(values, at, count);
            running.add(bytes.limit(count * Float.BYTES));
        }
        return values.length;
    }

    /** Remembers a selection; one of the same name is forgotten. */
    void choose(Chosen selection) {
        chosen.put(selection.to(), selection);
    }

    /** The selection of this name, if there is one. */
    Optional<Chosen> chosen(String name) {
        return Optional.ofNullable(chosen.get(name));
    }

    /** The selections that have names. */
    Collection<Chosen> chosen() {
        return chosen.values();
    }

    /** Sets all parameters back; masks stay. */
    void rewind(String name) {
        Map<String, float[]> values = saves.get(name);
        for (Parameter p : model.parameters()) p.load(values.get(p.name()));
    }

    /** Sets all parameters back, and their masks too. */
    void restore(String name) {
        show(name, model);
    }

    /** The share of weights that survive. */
    double weightsLeft() {
        long kept = 0;
        long size = 0;
        for (Parameter weight : model.weights()) {
            kept += weight.kept();
            size += weight.size();
        }
        return kept / (double) size;
    }

    SafetensorsWriter arrays() {
        SafetensorsWriter writer = modelOnly();
        saves.forEach((name, values) -> values.forEach(
                (parameter, array) -> writer.floats("save/" + name + "/" + parameter, array, array.length)));
        chosen.values().forEach(selection -> selection.addTo(writer));
        training.all().forEach((name, array) -> writer.floats("training/" + name, array, array.length));
        return writer;
    }

    /** Parameters in their own shapes and, for pruned weights, bit-packed masks; of a streamed network without its tables. */
    SafetensorsWriter modelOnly() {
        SafetensorsWriter writer = new SafetensorsWriter();
        for (Parameter p : model.parameters()) {
            if (stays(p)) continue;
            writer.floats(p.name(), ElementType.F32, p::passing, shape(p));
            if (p.survivors() != null)
                writer.mask(MASK + p.name(), p.survivors().booleans(), shape(p));
        }
        return writer;
    }

    /** Masks alone, bit-packed: of a network whose weights are written elsewhere. */
    SafetensorsWriter masksOnly() {
        SafetensorsWriter writer = new SafetensorsWriter();
        for (Parameter p : model.parameters())
            if (p.survivors() != null)
                writer.mask(MASK + p.name(), p.survivors().booleans(), shape(p));
        return writer;
    }

    /** Takes over what {@link #arrays} wrote. */
    void load(Safetensors file) throws IOException {
        loadModel(model, file);
        for (Chosen selection : Chosen.of(file)) choose(selection);
        for (String name : file.tensors().keySet()) {
            if (name.startsWith("save/")) {
                String[] parts = name.split("/", 3);
                saves.computeIfAbsent(parts[1], n -> new LinkedHashMap<>()).put(parts[2], file.floats(name));
            } else if (name.startsWith("training/")) {
                training.put(name.substring("training/".length()), file.floats(name));
            }
        }
    }

    /** Takes over parameters and masks of a model file. A table that it lacks is as it was when the run began: {@link #stays}. */
    static void loadModel(Model model, Safetensors file) throws IOException {
        for (Parameter p : model.parameters()) {
            if (stays(p) || p.kind() == Parameter.Kind.TABLE && !file.tensors().containsKey(p.name())) continue;
            p.survive(mask(p, file));
            p.load(file.floats(p.name()));
            if (p.backed()) p.release();
        }
    }

    /** Whether it is as it was: nothing that can be done to a network whose weights lie in files changes its tables. */
    private static boolean stays(Parameter p) {
        return p.kind() == Parameter.Kind.TABLE && p.backed();
    }

    /** Takes over the masks of a file of {@link #masksOnly}. */
    static void loadMasks(Model model, Safetensors file) throws IOException {
        for (Parameter p : model.parameters()) p.survive(mask(p, file));
    }

    private static Mask mask(Parameter p, Safetensors file) throws IOException {
        String name = MASK + p.name();
        return file.tensors().containsKey(name) ? Mask.of(file.mask(name)) : null;
    }

    private static int[] shape(Parameter p) {
        long[] shape = p.shape();
        int[] ints = new int[shape.length];
        for (int i = 0; i < ints.length; i++) ints[i] = (int) shape[i];
        return ints;
    }
}
