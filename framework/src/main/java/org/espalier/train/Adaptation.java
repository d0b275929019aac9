package org.espalier.train;

import java.util.List;
import org.espalier.engine.Parameter;

/** An adapter in place: it may take part in the training as a hook does. */
public interface Adaptation extends Hook.Live {
    /** What is trained. */
    List<Parameter> parameters();

    /** Makes what was trained part of the weights, and leaves the network as it was otherwise: nothing stands beside it any more. */
    void merge();
}
