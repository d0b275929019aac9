package org.espalier.spec.toy.pattern;

import org.espalier.spec.Default;
import org.espalier.spec.toy.ToyPattern;

public record Unstructured(@Default("layer") Within within) implements ToyPattern {
    public enum Within {
        LAYER,
        ROW,
        COLUMN_BLOCK {
            @Override
            public boolean isBlock() {
                return true;
            }
        };

        public boolean isBlock() {
            return false;
        }
    }
}
