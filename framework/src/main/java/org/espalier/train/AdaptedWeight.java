package org.espalier.train;

import java.util.List;
import org.espalier.engine.Parameter;

/** One weight with what stands in for its product while it is adapted. */
public interface AdaptedWeight extends Parameter.Product {
    /** The weight, which is frozen. */
    Parameter weight();

    /** What is trained instead. */
    List<Parameter> parameters();

    /**
     * Makes what was trained part of the weight. Entries that its mask prunes are zeroed afterwards.
     *
     * @param values (out, in): the weight's, to be changed
     */
    void merge(float[] values);
}
