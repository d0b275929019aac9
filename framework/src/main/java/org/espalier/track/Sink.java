package org.espalier.track;

import java.io.IOException;
import java.util.List;

/** A place that a {@link Recorder} writes to, always from its one background thread. */
interface Sink {
    /** How notices call this place. */
    String name();

    /**
     * Writes events in their order, all or none as far as the place allows; called again with the same events after an
     * error. Also called with an empty list now and then while nothing happens.
     */
    void write(List<Event> events) throws IOException;

    /** Makes what was written survive a power cut as far as this place promises. */
    void force() throws IOException;

    void close() throws IOException;
}
