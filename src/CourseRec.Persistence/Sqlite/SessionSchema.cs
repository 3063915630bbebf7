using CourseRec.Sqlite;

namespace CourseRec.Persistence.Sqlite;

/// <summary>
/// The tables. A flush touches random sessions, and what it costs is the pages that it dirties. Hence small pages (a
/// session is about one), and interactions that are only ever appended: each points to its user's one before, the
/// session points to the last. A clustered or indexed table of interactions dirties one more page an interaction and
/// halves the throughput.
/// </summary>
internal static class SessionSchema
{
    public const int PageBytes = 1024;

    public static readonly SqliteFormat Format = new("a CourseRec session store", 0x43525353, 3, Tables)
    {
        PageBytes = PageBytes,
        Upgrades = [Parked + "ALTER TABLE manifest ADD COLUMN session_format INTEGER NOT NULL DEFAULT 1;", Claim],
    };

    /// <summary>A row whose reason is null says that the user is not parked any more, and since when.</summary>
    private const string Parked = """
        CREATE TABLE parked (
            user TEXT PRIMARY KEY,
            version INTEGER NOT NULL,
            time INTEGER NOT NULL,
            reason TEXT
        ) WITHOUT ROWID;
        """;

    private const string Claim = """
        CREATE TABLE claim (
            partition INTEGER PRIMARY KEY,
            owner TEXT NOT NULL,
            epoch INTEGER NOT NULL
        );
        """;

    private const string Tables = $"""
        {Parked}
        {Claim}
        CREATE TABLE manifest (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            generation INTEGER NOT NULL,
            log TEXT NOT NULL,
            partitions INTEGER NOT NULL,
            rules TEXT NOT NULL,
            session_format INTEGER NOT NULL
        );
        CREATE TABLE checkpoint (
            partition INTEGER PRIMARY KEY,
            version INTEGER NOT NULL,
            event_id TEXT NOT NULL,
            accepted_at INTEGER NOT NULL
        );
        CREATE TABLE counters (
            partition INTEGER NOT NULL,
            since INTEGER NOT NULL,
            version INTEGER NOT NULL,
            is_snapshot INTEGER NOT NULL,
            data BLOB NOT NULL,
            UNIQUE (partition, version)
        );
        CREATE TABLE session (
            id INTEGER PRIMARY KEY,
            user TEXT NOT NULL UNIQUE,
            version INTEGER NOT NULL,
            last_interaction INTEGER NOT NULL,
            blob BLOB NOT NULL
        );
        CREATE TABLE interaction (
            id INTEGER PRIMARY KEY,
            previous INTEGER NOT NULL,
            user TEXT NOT NULL,
            version INTEGER NOT NULL,
            event_id TEXT NOT NULL,
            course TEXT NOT NULL,
            type INTEGER NOT NULL,
            value REAL,
            time INTEGER NOT NULL
        );
        CREATE TABLE erasure (
            user_hash BLOB PRIMARY KEY,
            version INTEGER NOT NULL,
            time INTEGER NOT NULL
        ) WITHOUT ROWID;
        """;
}
