package org.espalier.track;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.nio.file.Path;

/** One thing that was logged; {@code run} is the id of the run it belongs to. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Event.Start.class, name = "start"),
    @JsonSubTypes.Type(value = Event.Parameter.class, name = "parameter"),
    @JsonSubTypes.Type(value = Event.Tag.class, name = "tag"),
    @JsonSubTypes.Type(value = Event.Metric.class, name = "metric"),
    @JsonSubTypes.Type(value = Event.Dataset.class, name = "dataset"),
    @JsonSubTypes.Type(value = Event.Artifact.class, name = "artifact"),
    @JsonSubTypes.Type(value = Event.End.class, name = "end")
})
sealed interface Event {
    String run();

    record Start(String run, RunInfo info) implements Event {}

    record Parameter(String run, String key, String value) implements Event {}

    record Tag(String run, String key, String value) implements Event {}

    record Metric(String run, String key, long step, double value, long time) implements Event {}

    record Dataset(String run, DatasetInfo dataset) implements Event {}

    record Artifact(String run, String path, Path file) implements Event {}

    record End(String run, RunStatus status, long time) implements Event {}
}
