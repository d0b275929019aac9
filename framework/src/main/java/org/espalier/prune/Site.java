package org.espalier.prune;

import org.espalier.engine.Parameter;

/** Something prunable. */
public sealed interface Site {
    /** What specs and reports call it: the layer's name. */
    String name();

    /** The entries of one weight matrix. */
    record Weight(Parameter parameter) implements Site {
        @Override
        public String name() {
            return parameter.layer();
        }

        /** All entries, pruned ones too. */
        public int size() {
            return parameter.size();
        }

        /** Entries that survive so far. */
        public int kept() {
            return parameter.kept();
        }
    }
}
