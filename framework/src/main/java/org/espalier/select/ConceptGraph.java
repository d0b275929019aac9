package org.espalier.select;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which concepts the chosen examples have brought together: a clique for each example. */
public final class ConceptGraph {
    private final Map<String, Set<String>> neighbours = new HashMap<>();

    /**
     * Adds an example's concepts, unless two of them are known already and were never seen together: the example would tie what the others
     * keep apart.
     *
     * @return whether it was added
     */
    public boolean accept(List<String> concepts) {
        for (int i = 0; i < concepts.size(); i++)
            for (int j = 0; j < i; j++) {
                Set<String> known = neighbours.get(concepts.get(i));
                String other = concepts.get(j);
                if (known != null && neighbours.containsKey(other) && !known.contains(other)) return false;
            }
        for (String concept : concepts) {
            Set<String> known = neighbours.computeIfAbsent(concept, c -> new HashSet<>());
            for (String other : concepts) if (!other.equals(concept)) known.add(other);
        }
        return true;
    }
}
