package org.espalier.track;

import java.nio.file.Path;
import java.sql.SQLException;

/** MLflow experiments: one for each spec name. */
final class ExperimentRows {
    private ExperimentRows() {}

    /** The experiment's id; it is made, or brought back from the bin, where necessary. */
    static int id(MlflowDatabase database, RunInfo info) throws SQLException {
        long now = System.currentTimeMillis();
        Path folder = info.directory().getParent();
        database.update("""
                INSERT INTO experiments (name, artifact_location, lifecycle_stage, creation_time, last_update_time)
                VALUES (?, ?, 'active', ?, ?) ON CONFLICT DO NOTHING""", info.experiment(), LocalStore.uri(folder == null ? info.directory() : folder), now, now);
        int id = ((Number)
                        database.value("SELECT min(experiment_id) FROM experiments WHERE name = ?", info.experiment()))
                .intValue();
        database.update(
                "UPDATE experiments SET lifecycle_stage = 'active' WHERE experiment_id = ? AND lifecycle_stage != 'active'",
                id);
        // Newer MLflow pages otherwise ask whether this is about language model traces.
        tag(database, id, "mlflow.experimentKind", "custom_model_development");
        return id;
    }

    static void tag(MlflowDatabase database, int experiment, String key, String value) throws SQLException {
        database.update(
                "INSERT INTO experiment_tags (key, value, experiment_id) VALUES (?, ?, ?)"
                        + " ON CONFLICT (key, experiment_id) DO UPDATE SET value = excluded.value",
                key,
                value,
                experiment);
    }
}
