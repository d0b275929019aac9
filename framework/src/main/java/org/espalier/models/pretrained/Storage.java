package org.espalier.models.pretrained;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.espalier.data.pretrained.Checkpoint;
import org.espalier.data.pretrained.Config;
import org.espalier.data.pretrained.HuggingFaceWriter;
import org.espalier.engine.Parameter;
import org.espalier.models.Model;

/** How the files of a kind of network keep its parameters: read and written by the same rule. */
record Storage(Function<Parameter, Place> places) {
    /** The rule of a checkpoint. Some files' names have a first word that others lack. */
    static Storage of(Checkpoint file) throws IOException {
        if (file.names().contains("wte.weight")) return gpt2("transformer.");
        if (file.names().contains("bert.embeddings.word_embeddings.weight"))
            return new Storage(p -> new Place("bert." + p.name(), false, 0, 1));
        return of(file.config());
    }

    /** The rule by which files with such a configuration are written. */
    static Storage of(Config config) throws IOException {
        return config.text("model_type").equals("gpt2") ? gpt2("") : new Storage(Place::plain);
    }

    private static Storage gpt2(String omitted) {
        return new Storage(p -> Place.gpt2(p, omitted));
    }

    /** Looks for the tensors of all parameters, so that a wrong configuration is known before anything is made as large as it says. */
    void check(Checkpoint file, List<Parameter> parameters) throws IOException {
        for (Parameter parameter : parameters) {
            Place place = places.apply(parameter);
            expect(file, place.name(), place.shape(parameter));
        }
    }

    /** Fills {@code into}, which has the parameter's size. */
    void read(Checkpoint file, Parameter parameter, float[] into) throws IOException {
        Place place = places.apply(parameter);
        expect(file, place.name(), place.shape(parameter));
        if (place.whole()) {
            file.read(place.name(), into);
            return;
        }
        float[] stored = new float[place.parts() * into.length];
        file.read(place.name(), stored);
        place.take(parameter, stored, into);
    }

    /** Fills {@code into} from {@code at} on with rows of a parameter that has a tensor of its own. */
    void rows(Checkpoint file, Parameter parameter, int first, int count, float[] into, int at) throws IOException {
        Place place = places.apply(parameter);
        if (!place.whole()) throw new IllegalArgumentException(parameter + " has no tensor of its own: " + place);
        expect(file, place.name(), place.shape(parameter));
        file.rows(place.name(), first, count, into, at);
    }

    /** Adds all tensors of a network; each is made when it is written. */
    void write(Model model, HuggingFaceWriter folder) {
        Map<String, List<Parameter>> tensors = new LinkedHashMap<>();
        for (Parameter parameter : model.parameters())
            tensors.computeIfAbsent(places.apply(parameter).name(), name -> new ArrayList<>())
                    .add(parameter);
        tensors.forEach((name, held) -> folder.tensor(
                name, from -> joined(held, from), places.apply(held.getFirst()).shape(held.getFirst())));
    }

    private float[] joined(List<Parameter> held, int from) {
        Parameter first = held.getFirst();
        if (places.apply(first).whole()) return first.passing(from);
        float[] stored = new float[places.apply(first).parts() * first.size()];
        for (Parameter parameter : held) places.apply(parameter).put(parameter, parameter.passing(), stored);
        return stored;
    }

    private static void expect(Checkpoint file, String name, int[] shape) throws IOException {
        if (!file.names().contains(name)) throw new IOException("the model's files hold no tensor " + name);
        long[] found = file.shape(name);
        if (!Arrays.equals(found, Arrays.stream(shape).asLongStream().toArray()))
            throw new IOException("tensor " + name + " has the shape " + Arrays.toString(found)
                    + ", the configuration asks for " + Arrays.toString(shape));
    }
}
