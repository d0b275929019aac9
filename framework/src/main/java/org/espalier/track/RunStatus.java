package org.espalier.track;

/** How a run ended, in MLflow's words: FAILED for an exception, KILLED for SIGINT and SIGTERM. */
public enum RunStatus {
    FINISHED,
    FAILED,
    KILLED
}
