using CourseRec.Cql;
using CourseRec.Persistence.Cassandra;
using CourseRec.Persistence.Cassandra.Schema;

namespace CourseRec.Node.Options;

/// <summary>
/// Cassandra as the session store; section <c>Cassandra</c>. How often and how much is stored is
/// <c>Sessions:FlushInterval</c> and <c>Sessions:MaxUnstored</c>.
/// </summary>
public sealed record CassandraOptions
{
    /// <summary>
    /// Nodes of the cluster to begin with, as <c>host[:port]</c>, separated by commas; null: sessions are stored in
    /// the data folder.
    /// </summary>
    public string? ContactPoints { get; init; }

    /// <summary>The keyspace.</summary>
    public string Keyspace { get; init; } = "courserec";

    /// <summary>
    /// Replicas of a keyspace that <c>courserec migrate</c> makes; null: as many as the data centre has nodes, up to
    /// three.
    /// </summary>
    [Replicas]
    public string? Replication { get; init; }

    /// <summary>The data centre whose nodes are asked; null: that of the first node reached.</summary>
    public string? LocalDatacenter { get; init; }

    /// <summary>Of reads and writes: a quorum, in the data centre or over all of them.</summary>
    public CqlConsistency Consistency { get; init; } = CqlConsistency.LocalQuorum;

    /// <summary>The role to log in as; null where the cluster asks for none.</summary>
    public string? User { get; init; }

    /// <summary>
    /// Its password. Better in the environment (<c>CourseRec__Cassandra__Password</c>) than in a file or a flag.
    /// </summary>
    public string? Password { get; init; }

    /// <summary>Whether connections are encrypted.</summary>
    public bool Tls { get; init; }

    /// <summary>A PEM file with the authorities that alone are trusted; null: the system's.</summary>
    public string? TlsAuthority { get; init; }

    /// <summary>The name that every node's certificate must have; null: the address.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>A PEM file with certificate and key to show; null where the nodes don't ask.</summary>
    public string? TlsClient { get; init; }

    /// <summary>How long interactions are kept for export and training; zero: for ever.</summary>
    [Duration("0ms", "7300d")]
    public TimeSpan InteractionsKeptFor { get; init; } = TimeSpan.Zero;

    /// <summary>Sessions that one flush or load writes or reads at the same time.</summary>
    [Whole(1, 4096)]
    public int SessionsAtOnce { get; init; } = 128;

    /// <summary>The longest that one request may take, retries included.</summary>
    [Duration("100ms", "3600s")]
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary><see cref="Replication"/>, read.</summary>
    public Replication? Replicas =>
        Replication is { } text ? Persistence.Cassandra.Schema.Replication.Parse(text) : null;

    /// <summary>The store's settings.</summary>
    public CassandraSessionStoreOptions StoreOptions =>
        new()
        {
            Keyspace = Keyspace,
            InteractionsKeptFor = InteractionsKeptFor,
            SessionsAtOnce = SessionsAtOnce,
            Cluster = new CqlOptions
            {
                ContactPoints = (ContactPoints ?? "127.0.0.1").Split(',', StringSplitOptions.TrimEntries),
                DataCentre = LocalDatacenter,
                Consistency = Consistency,
                SerialConsistency =
                    Consistency == CqlConsistency.Quorum ? CqlConsistency.Serial : CqlConsistency.LocalSerial,
                Credentials = User is null ? null : new CqlCredentials(User, Password ?? ""),
                Tls = Tls
                    ? new CqlTls
                    {
                        AuthorityFile = TlsAuthority,
                        ServerName = TlsServerName,
                        ClientFile = TlsClient,
                    }
                    : null,
                RequestTimeout = RequestTimeout,
            },
        };
}
