package org.espalier.launch;

import java.util.List;
import java.util.Map;

/**
 * Which of several kernels that compute the same a device runs.
 *
 * @param kernel the portable one, for example {@code MatMul.nt}
 * @param sizes of the launch it was made on: extent, and the kernel's own whole numbers in their order, or the lengths of its arrays
 *     where it has none. It holds for all launches whose sizes have as many bits each
 * @param nanoseconds what each kernel took on the device, by its name; empty if nothing was measured because one was asked for or chosen by a process
 *     before
 * @param used the name of the one that is used
 */
public record Choice(String kernel, List<Integer> sizes, Map<String, Long> nanoseconds, String used) {}
