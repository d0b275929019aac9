package org.espalier.track;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sqlite.SQLiteConfig;

/**
 * A SQLite file in MLflow's schema, made where there is none, with statements kept prepared. Only what is between {@link #begin} and
 * {@link #commit} locks it: the driver's own transactions begin again when one ends, and would keep all other writers out.
 */
final class MlflowDatabase implements AutoCloseable {
    static final String REVISION = "dc11669786a5";
    private static final int BUSY_MILLIS = 20_000;
    /** A write-ahead log needs memory shared by all readers, which network file systems do not give. */
    private static final Set<String> LOCAL_FILE_SYSTEMS =
            Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "tmpfs", "overlay", "apfs", "hfs", "ntfs");

    private final Connection connection;
    private final boolean writeAhead;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    private MlflowDatabase(Connection connection, boolean writeAhead) {
        this.connection = connection;
        this.writeAhead = writeAhead;
    }

    /** Opens the file; of several processes and threads that find it missing, one creates it. */
    static synchronized MlflowDatabase open(Path file) throws IOException, SQLException {
        Files.createDirectories(file.getParent());
        Path lock = file.resolveSibling(file.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            boolean writeAhead = held.isValid()
                    && LOCAL_FILE_SYSTEMS.contains(
                            Files.getFileStore(file.getParent()).type().toLowerCase());
            Connection connection = connect(file, writeAhead);
            try {
                createWhereEmpty(connection, file);
                return new MlflowDatabase(connection, writeAhead);
            } catch (IOException | SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        }
    }

    private static Connection connect(Path file, boolean writeAhead) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        config.enforceForeignKeys(true);
        config.setJournalMode(writeAhead ? SQLiteConfig.JournalMode.WAL : SQLiteConfig.JournalMode.DELETE);
        config.setSynchronous(writeAhead ? SQLiteConfig.SynchronousMode.NORMAL : SQLiteConfig.SynchronousMode.FULL);
        return config.createConnection("jdbc:sqlite:" + file);
    }

    private static void createWhereEmpty(Connection connection, Path file) throws IOException, SQLException {
        try (Statement statement = connection.createStatement()) {
            Set<String> tables = tables(statement);
            if (tables.contains("alembic_version") && tables.contains("latest_metrics")) {
                return;
            }
            if (!tables.isEmpty()) {
                throw new IOException(file + " is a database, but not one of MLflow's; move it away");
            }
            statement.execute("BEGIN IMMEDIATE");
            for (String sql : schema()) {
                statement.execute(sql);
            }
            statement.execute("COMMIT");
        }
    }

    private static Set<String> tables(Statement statement) throws SQLException {
        List<String> names = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("SELECT name FROM sqlite_master WHERE type = 'table'")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return Set.copyOf(names);
    }

    private static List<String> schema() throws IOException {
        try (InputStream in = MlflowDatabase.class.getResourceAsStream("mlflow-schema.sql")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("(?m)^--.*$", "");
            return List.of(text.strip().split(";\\s*\\n|;$"));
        }
    }

    int update(String sql, Object... arguments) throws SQLException {
        return prepared(sql, arguments).executeUpdate();
    }

    /** The first column of the first row, or null. */
    Object value(String sql, Object... arguments) throws SQLException {
        try (ResultSet rows = prepared(sql, arguments).executeQuery()) {
            return rows.next() ? rows.getObject(1) : null;
        }
    }

    /** The first two columns of all rows. */
    Map<String, Object> pairs(String sql, Object... arguments) throws SQLException {
        Map<String, Object> pairs = new HashMap<>();
        try (ResultSet rows = prepared(sql, arguments).executeQuery()) {
            while (rows.next()) {
                pairs.put(rows.getString(1), rows.getObject(2));
            }
        }
        return pairs;
    }

    /** Waits until no other process writes, and keeps others from writing. */
    void begin() throws SQLException {
        update("BEGIN IMMEDIATE");
    }

    void commit() throws SQLException {
        update("COMMIT");
    }

    /** Moves what was committed to the disk. */
    void force() throws SQLException {
        if (writeAhead) value("PRAGMA wal_checkpoint(PASSIVE)");
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private PreparedStatement prepared(String sql, Object... arguments) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        for (int i = 0; i < arguments.length; i++) {
            statement.setObject(i + 1, arguments[i]);
        }
        return statement;
    }
}
