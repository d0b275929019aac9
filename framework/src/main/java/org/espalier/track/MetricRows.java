package org.espalier.track;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** Writes points into MLflow's two metric tables, one for each (run, name, step). */
final class MetricRows {
    private final MlflowDatabase database;
    private final Map<String, Map<String, Object>> lastSteps = new HashMap<>();

    MetricRows(MlflowDatabase database) {
        this.database = database;
    }

    void add(Event.Metric point) throws SQLException {
        Map<String, Object> last = lastSteps.get(point.run());
        if (last == null) {
            last = database.pairs("SELECT key, max(step) FROM metrics WHERE run_uuid = ? GROUP BY key", point.run());
            lastSteps.put(point.run(), last);
        }
        Number step = (Number) last.get(point.key());
        if (step != null && point.step() <= step.longValue()) {
            // Logged again after a resume. The table has no index for this look-up, so new points go without it.
            database.update(
                    "DELETE FROM metrics WHERE run_uuid = ? AND key = ? AND step = ?",
                    point.run(),
                    point.key(),
                    point.step());
        } else {
            last.put(point.key(), point.step());
        }
        insert(point);
    }

    /** MLflow keeps NaN as 0 with a mark and has no infinities. */
    private void insert(Event.Metric point) throws SQLException {
        boolean nan = Double.isNaN(point.value());
        double value = nan ? 0 : Math.clamp(point.value(), -Double.MAX_VALUE, Double.MAX_VALUE);
        Object[] row = {point.key(), value, point.time(), point.run(), point.step(), nan ? 1 : 0};
        database.update(
                "INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, ?, ?)", row);
        database.update(
                """
                INSERT INTO latest_metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (key, run_uuid) DO UPDATE SET value = excluded.value, timestamp = excluded.timestamp,
                    step = excluded.step, is_nan = excluded.is_nan WHERE excluded.step >= latest_metrics.step""",
                row);
    }
}
