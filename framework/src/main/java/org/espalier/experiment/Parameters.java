package org.espalier.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.spec.Canonical;
import org.espalier.spec.Node;

/** A spec as a flat list of parameters, as tracking servers want them: {@code steps.2.repeat.times = 20}. */
final class Parameters {
    private Parameters() {}

    static Map<String, String> of(Experiment experiment) {
        Map<String, String> flat = new LinkedHashMap<>();
        flatten("", Canonical.key(experiment), flat);
        return flat;
    }

    private static void flatten(String path, Node node, Map<String, String> flat) {
        switch (node) {
            case Node.Scalar scalar -> flat.put(path, scalar.text());
            case Node.Sequence sequence -> {
                List<Node> items = sequence.items();
                for (int i = 0; i < items.size(); i++)
                    flatten(joined(path, Integer.toString(i + 1)), items.get(i), flat);
            }
            case Node.Mapping mapping ->
                mapping.entries().forEach((name, entry) -> flatten(joined(path, name), entry.value(), flat));
        }
    }

    private static String joined(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
