package org.espalier.track;

import java.sql.SQLException;

/** Points of curves in MLflow's two metric tables, one for each (run, name, step). */
final class MetricRows {
    private MetricRows() {}

    /** Replaces an earlier point at the same step. MLflow keeps NaN as 0 with a mark, and infinities as largest numbers. */
    static void add(MlflowDatabase database, Event.Metric point) throws SQLException {
        boolean nan = Double.isNaN(point.value());
        double value = nan ? 0 : Math.clamp(point.value(), -Double.MAX_VALUE, Double.MAX_VALUE);
        Object[] row = {point.key(), value, point.time(), point.run(), point.step(), nan ? 1 : 0};
        database.update(
                "DELETE FROM metrics WHERE run_uuid = ? AND key = ? AND step = ?",
                point.run(),
                point.key(),
                point.step());
        database.update(
                "INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, ?, ?)", row);
        database.update("""
                INSERT INTO latest_metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (key, run_uuid) DO UPDATE SET value = excluded.value, timestamp = excluded.timestamp,
                    step = excluded.step, is_nan = excluded.is_nan WHERE excluded.step >= latest_metrics.step""", row);
    }
}
