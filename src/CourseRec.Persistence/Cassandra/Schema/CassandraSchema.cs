namespace CourseRec.Persistence.Cassandra.Schema;

/// <summary>
/// The tables, as steps from one version of the schema to the next: a step that was released is never changed.
/// Versioned tables (a write's timestamp is the log's version) take no conditional writes and no compaction by time
/// windows, which go by timestamps.
/// </summary>
internal static class CassandraSchema
{
    /// <summary>The version that this program needs.</summary>
    public static int Latest => Steps.Count;

    /// <summary>Which steps were taken.</summary>
    public const string Migrations =
        "CREATE TABLE IF NOT EXISTS {0}.migration (version int PRIMARY KEY, applied_at timestamp)";

    /// <summary>The steps, from version 1 on; <c>{0}</c> is the keyspace.</summary>
    public static readonly IReadOnlyList<IReadOnlyList<string>> Steps =
    [
        [
            // What a node is pinned to, by conditional writes.
            "CREATE TABLE IF NOT EXISTS {0}.manifest (id text PRIMARY KEY, generation int, log text, partitions "
                + "int, rules text)",
            // Versioned: one cell a user, the version (8 bytes, big-endian) and the session.
            "CREATE TABLE IF NOT EXISTS {0}.session (user text PRIMARY KEY, state blob)",
            // Versioned: one row an interaction.
            """
                CREATE TABLE IF NOT EXISTS {0}.interaction (user text, version bigint, event_id text, course text, type int, value double,
                    time timestamp, PRIMARY KEY (user, version))
                """,
            // Each cell's value is its timestamp.
            "CREATE TABLE IF NOT EXISTS {0}.erasure (user_hash blob PRIMARY KEY, version bigint, time timestamp)",
            // Versioned.
            """
                CREATE TABLE IF NOT EXISTS {0}.checkpoint (partition int PRIMARY KEY, version bigint, event_id text, accepted_at timestamp)
                """,
            // Versioned. A deletion that a replica missed does no harm when it is forgotten after a day: what comes
            // back counts for nothing.
            """
                CREATE TABLE IF NOT EXISTS {0}.counters_base (partition int, base bigint, PRIMARY KEY (partition, base))
                    WITH gc_grace_seconds = 86400
                """,
            """
                CREATE TABLE IF NOT EXISTS {0}.counters (partition int, base bigint, version bigint, checksum bigint, chunk int, since bigint,
                    is_snapshot boolean, chunks int, data blob, PRIMARY KEY ((partition, base), version, checksum, chunk))
                    WITH gc_grace_seconds = 86400
                """,
            "CREATE TABLE IF NOT EXISTS {0}.course (id text PRIMARY KEY, value blob)",
            // The server's timestamps: hints that expire, a week and a minute after they were written.
            """
                CREATE TABLE IF NOT EXISTS {0}.recommendation (user text PRIMARY KEY, version bigint, model text, list blob)
                    WITH default_time_to_live = 604800
                """,
            """
                CREATE TABLE IF NOT EXISTS {0}.node (id text PRIMARY KEY, url text, roles text, partitions text, versions text)
                    WITH default_time_to_live = 60
                """,
        ],
        [
            // Null: format 1.
            "ALTER TABLE {0}.manifest ADD session_format int",
            // Versioned. One partition: there are few.
            """
                CREATE TABLE IF NOT EXISTS {0}.parked (shelf int, user text, version bigint, time timestamp, reason text,
                    PRIMARY KEY (shelf, user))
                """,
        ],
        [
            // Who owns a partition, by conditional writes.
            "CREATE TABLE IF NOT EXISTS {0}.claim (partition int PRIMARY KEY, owner text, epoch bigint)",
            // By conditional writes; a row is there as long as the lease is held. A deletion that a replica missed
            // does no harm when it is forgotten after a day: what comes back has expired.
            """
                CREATE TABLE IF NOT EXISTS {0}.lease (name text PRIMARY KEY, owner text)
                    WITH gc_grace_seconds = 86400
                """,
            // Membership is the cluster's own business now.
            "DROP TABLE IF EXISTS {0}.node",
        ],
    ];

    /// <summary>The tables whose writes carry versions.</summary>
    public static readonly IReadOnlyList<string> VersionedTables =
    [
        "session",
        "interaction",
        "erasure",
        "checkpoint",
        "counters_base",
        "counters",
        "parked",
    ];
}
