package org.espalier.track;

import java.sql.SQLException;

/** The data sets that a run read. */
final class DatasetRows {
    private DatasetRows() {}

    static void add(MlflowDatabase database, Event.Dataset event) throws SQLException {
        DatasetInfo data = event.dataset();
        Object experiment = database.value("SELECT experiment_id FROM runs WHERE run_uuid = ?", event.run());
        if (experiment == null) {
            throw new IllegalArgumentException("there is no such run");
        }
        String dataset = RunInfo.id("dataset", experiment.toString(), data.name(), data.digest());
        String input = RunInfo.id("input", dataset, event.run());
        database.update(
                """
                INSERT INTO datasets (dataset_uuid, experiment_id, name, digest, dataset_source_type, dataset_source,
                    dataset_profile) VALUES (?, ?, ?, ?, 'local', ?, ?) ON CONFLICT DO NOTHING""", dataset, experiment, data.name(), data.shortDigest(), data.sourceJson(), data.profileJson());
        database.update("""
                INSERT INTO inputs (input_uuid, source_type, source_id, destination_type, destination_id)
                VALUES (?, 'DATASET', ?, 'RUN', ?) ON CONFLICT DO NOTHING""", input, dataset, event.run());
        database.update("""
                INSERT INTO input_tags (input_uuid, name, value) VALUES (?, 'mlflow.data.context', ?)
                ON CONFLICT (input_uuid, name) DO UPDATE SET value = excluded.value""", input, data.context());
    }
}
