package org.espalier.launch;

import java.io.Serializable;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.*;

/**
 * A reference to a kernel by the number of its own arguments, before {@code int first, int count}. Serializable, because that is how
 * Java lets one ask a method reference which method it means; see {@link KernelMethod}.
 */
public interface Kernel extends Serializable {
    /** A kernel with 1 own argument. */
    interface Of1<A> extends Kernel, Task3<A, Integer, Integer> {}

    /** A kernel with 2 own arguments. */
    interface Of2<A, B> extends Kernel, Task4<A, B, Integer, Integer> {}

    /** A kernel with 3 own arguments. */
    interface Of3<A, B, C> extends Kernel, Task5<A, B, C, Integer, Integer> {}

    /** A kernel with 4 own arguments. */
    interface Of4<A, B, C, D> extends Kernel, Task6<A, B, C, D, Integer, Integer> {}

    /** A kernel with 5 own arguments. */
    interface Of5<A, B, C, D, E> extends Kernel, Task7<A, B, C, D, E, Integer, Integer> {}

    /** A kernel with 6 own arguments. */
    interface Of6<A, B, C, D, E, F> extends Kernel, Task8<A, B, C, D, E, F, Integer, Integer> {}

    /** A kernel with 7 own arguments. */
    interface Of7<A, B, C, D, E, F, G> extends Kernel, Task9<A, B, C, D, E, F, G, Integer, Integer> {}

    /** A kernel with 8 own arguments. */
    interface Of8<A, B, C, D, E, F, G, H> extends Kernel, Task10<A, B, C, D, E, F, G, H, Integer, Integer> {}

    /** A kernel with 9 own arguments. */
    interface Of9<A, B, C, D, E, F, G, H, I> extends Kernel, Task11<A, B, C, D, E, F, G, H, I, Integer, Integer> {}

    /** A kernel with 10 own arguments. */
    interface Of10<A, B, C, D, E, F, G, H, I, J>
            extends Kernel, Task12<A, B, C, D, E, F, G, H, I, J, Integer, Integer> {}

    /** A kernel with 11 own arguments. */
    interface Of11<A, B, C, D, E, F, G, H, I, J, K>
            extends Kernel, Task13<A, B, C, D, E, F, G, H, I, J, K, Integer, Integer> {}

    /** A kernel with 12 own arguments. */
    interface Of12<A, B, C, D, E, F, G, H, I, J, K, L>
            extends Kernel, Task14<A, B, C, D, E, F, G, H, I, J, K, L, Integer, Integer> {}

    /** A kernel with 13 own arguments. */
    interface Of13<A, B, C, D, E, F, G, H, I, J, K, L, M>
            extends Kernel, Task15<A, B, C, D, E, F, G, H, I, J, K, L, M, Integer, Integer> {}
}
