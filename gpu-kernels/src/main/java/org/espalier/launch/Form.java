package org.espalier.launch;

import java.util.List;

/**
 * One of several ways to run a launch on a device.
 *
 * @param name of the kernel that it takes
 * @param launches to be run one after the other
 */
record Form(String name, List<Launch> launches) {}
