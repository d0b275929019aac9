package org.espalier.models.pretrained;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import org.espalier.data.pretrained.Config;

/** What several forms ask of a configuration. */
final class Keys {
    /** Ten times what any network has; each is made before its tensors are looked for. */
    private static final int MOST_LAYERS = 10_000;

    private Keys() {}

    static int layers(Config c, String key) throws IOException {
        int layers = c.integer(key);
        if (layers > MOST_LAYERS) throw c.wrong(key, "is " + layers + "; networks have at most " + MOST_LAYERS);
        return layers;
    }

    static void refuse(Config c, String... flags) throws IOException {
        for (String flag : flags)
            if (c.has(flag) && c.flag(flag)) throw c.wrong(flag, "is true, which this network has no form for");
    }

    static void only(Config c, String key, String value) throws IOException {
        Optional<String> found = c.optionalText(key);
        if (found.isPresent() && !found.get().equals(value))
            throw c.wrong(key, "is " + found.get() + "; known is " + value);
    }

    static Optional<Integer> boxed(OptionalInt number) {
        return number.isPresent() ? Optional.of(number.getAsInt()) : Optional.empty();
    }
}
