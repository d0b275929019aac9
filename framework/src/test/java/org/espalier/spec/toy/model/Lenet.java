package org.espalier.spec.toy.model;

import java.util.List;
import org.espalier.spec.Default;
import org.espalier.spec.toy.ToyModel;

public record Lenet(
        @Default("[300, 100]") List<Integer> hidden,
        @Default("glorot-normal") Init init) implements ToyModel {
    public enum Init {
        GLOROT_NORMAL,
        HE_NORMAL
    }
}
