package org.espalier.track;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;

/** What is put in order each time a database is opened. */
final class Upkeep {
    private static final String HOME = "espalier.home";

    private Upkeep() {}

    static void run(MlflowDatabase database, Path folder) throws SQLException {
        database.begin();
        defaultExperiment(database, LocalStore.uri(folder));
        followMove(database, LocalStore.uri(folder));
        failAbandoned(database);
        database.commit();
    }

    /** MLflow expects an experiment 0. */
    private static void defaultExperiment(MlflowDatabase database, String home) throws SQLException {
        long now = System.currentTimeMillis();
        int made = database.update("""
                INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time,
                    last_update_time) VALUES (0, 'Default', ?, 'active', ?, ?) ON CONFLICT DO NOTHING""", home + "/runs/Default", now, now);
        if (made > 0) {
            ExperimentRows.tag(database, 0, HOME, home);
        }
    }

    /** Rewrites the artifact folders below the database's folder when that has been moved since it was last opened. */
    private static void followMove(MlflowDatabase database, String home) throws SQLException {
        Object before = database.value("SELECT value FROM experiment_tags WHERE experiment_id = 0 AND key = ?", HOME);
        if (before == null || before.equals(home)) {
            return;
        }
        for (String[] column : new String[][] {{"runs", "artifact_uri"}, {"experiments", "artifact_location"}}) {
            database.update(
                    "UPDATE %1$s SET %2$s = ? || substr(%2$s, length(?) + 1) WHERE substr(%2$s, 1, length(?) + 1) = ?"
                            .formatted((Object[]) column),
                    home,
                    before,
                    before,
                    before + "/");
        }
        ExperimentRows.tag(database, 0, HOME, home);
    }

    /** A run whose process was killed is still RUNNING in the database. */
    private static void failAbandoned(MlflowDatabase database) throws SQLException {
        Map<String, Object> owners = database.pairs(
                "SELECT r.run_uuid, t.value FROM runs r JOIN tags t ON t.run_uuid = r.run_uuid"
                        + " WHERE r.status = 'RUNNING' AND t.key = ?",
                Owner.TAG);
        for (Map.Entry<String, Object> entry : owners.entrySet()) {
            Owner owner = Owner.parse(entry.getValue().toString());
            if (owner.dead()) {
                database.update(
                        "UPDATE runs SET status = 'FAILED', end_time = ? WHERE run_uuid = ?",
                        owner.beat(),
                        entry.getKey());
                database.update("DELETE FROM tags WHERE run_uuid = ? AND key = ?", entry.getKey(), Owner.TAG);
            }
        }
    }
}
