package org.espalier.launch;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.*;

/**
 * A reference to a kernel that says itself what each work item of a group does, by the number of its own arguments. These are those of
 * its portable twin; before them comes the context, after them {@code int count}: the units of the whole launch.
 */
interface Tuned extends Kernel {
    /** A kernel with 3 own arguments. */
    interface Of3<A, B, C> extends Tuned, Task5<KernelContext, A, B, C, Integer> {}

    /** A kernel with 4 own arguments. */
    interface Of4<A, B, C, D> extends Tuned, Task6<KernelContext, A, B, C, D, Integer> {}

    /** A kernel with 5 own arguments. */
    interface Of5<A, B, C, D, E> extends Tuned, Task7<KernelContext, A, B, C, D, E, Integer> {}

    /** A kernel with 6 own arguments. */
    interface Of6<A, B, C, D, E, F> extends Tuned, Task8<KernelContext, A, B, C, D, E, F, Integer> {}

    /** A kernel with 7 own arguments. */
    interface Of7<A, B, C, D, E, F, G> extends Tuned, Task9<KernelContext, A, B, C, D, E, F, G, Integer> {}

    /** A kernel with 8 own arguments. */
    interface Of8<A, B, C, D, E, F, G, H> extends Tuned, Task10<KernelContext, A, B, C, D, E, F, G, H, Integer> {}

    /** A kernel with 9 own arguments. */
    interface Of9<A, B, C, D, E, F, G, H, I> extends Tuned, Task11<KernelContext, A, B, C, D, E, F, G, H, I, Integer> {}

    /** A kernel with 10 own arguments. */
    interface Of10<A, B, C, D, E, F, G, H, I, J>
            extends Tuned, Task12<KernelContext, A, B, C, D, E, F, G, H, I, J, Integer> {}

    /** A kernel with 11 own arguments. */
    interface Of11<A, B, C, D, E, F, G, H, I, J, K>
            extends Tuned, Task13<KernelContext, A, B, C, D, E, F, G, H, I, J, K, Integer> {}

    /** A kernel with 12 own arguments. */
    interface Of12<A, B, C, D, E, F, G, H, I, J, K, L>
            extends Tuned, Task14<KernelContext, A, B, C, D, E, F, G, H, I, J, K, L, Integer> {}

    /** A kernel with 13 own arguments. */
    interface Of13<A, B, C, D, E, F, G, H, I, J, K, L, M>
            extends Tuned, Task15<KernelContext, A, B, C, D, E, F, G, H, I, J, K, L, M, Integer> {}
}
