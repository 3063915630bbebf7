namespace CourseRec.Cql;

/// <summary>Settings of a <see cref="CqlCluster"/>.</summary>
public sealed record CqlOptions
{
    /// <summary>
    /// Nodes to begin with, each <c>host</c>, <c>host:port</c> or <c>[IPv6]:port</c>; the others are found through
    /// them.
    /// </summary>
    public IReadOnlyList<string> ContactPoints { get; init; } = ["127.0.0.1"];

    /// <summary>
    /// The port of contact points that name none. The other nodes have the same as the one that names them.
    /// </summary>
    public int Port { get; init; } = 9042;

    /// <summary>The keyspace that unqualified names mean; null: none, every name is qualified.</summary>
    public string? Keyspace { get; init; }

    /// <summary>The data centre whose nodes are used; null: that of the first node reached.</summary>
    public string? DataCentre { get; init; }

    /// <summary>User and password; null where the cluster asks for none.</summary>
    public CqlCredentials? Credentials { get; init; }

    /// <summary>TLS; null: plain TCP.</summary>
    public CqlTls? Tls { get; init; }

    /// <summary>The native protocol, 3 or 4; null: 4, and 3 with servers that have no 4.</summary>
    public int? ProtocolVersion { get; init; }

    /// <summary>Connections to each node, 1 to 64; by default one a core, at most 8.</summary>
    public int ConnectionsPerHost { get; init; } = Math.Min(Environment.ProcessorCount, 8);

    /// <summary>Requests without an answer on one connection, 1 to 32,000; the next ones wait for a place.</summary>
    public int MaxInFlight { get; init; } = 1024;

    /// <summary>Consistency of reads and writes that name none.</summary>
    public CqlConsistency Consistency { get; init; } = CqlConsistency.LocalQuorum;

    /// <summary>
    /// Consistency of the condition of lightweight transactions: <see cref="CqlConsistency.LocalSerial"/> or
    /// <see cref="CqlConsistency.Serial"/>.
    /// </summary>
    public CqlConsistency SerialConsistency { get; init; } = CqlConsistency.LocalSerial;

    /// <summary>Rows in a page, from 1.</summary>
    public int PageSize { get; init; } = 1000;

    /// <summary>The longest that a call may take: waiting for a place, attempts and answers together.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>The longest that connecting to a node may take, greeting and authentication included.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often a failed request is tried again, 0 to 10, on the next node; only where it does no harm.
    /// </summary>
    public int Retries { get; init; } = 2;

    /// <summary>After this silence a connection is asked for a sign of life.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// A connection that gives no sign of life for this long is dead: what it carried is tried elsewhere.
    /// </summary>
    public TimeSpan HeartbeatTimeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>
    /// The wait before the first attempt to reconnect; it doubles with each, and is jittered by half.
    /// </summary>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The longest wait between two attempts to reconnect: a partition that moves while its new owner still waits is
    /// served by nobody.
    /// </summary>
    public TimeSpan MaxReconnectDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often the cluster's nodes and tokens are read anew.</summary>
    public TimeSpan TopologyInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long DDL waits until all nodes have the new schema.</summary>
    public TimeSpan SchemaAgreementTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Refuses settings that can't work.</summary>
    /// <exception cref="ArgumentException">The message names the setting, its value and what is allowed.</exception>
    public void Validate()
    {
        if (ContactPoints.Count == 0 || ContactPoints.Any(string.IsNullOrWhiteSpace))
            throw new ArgumentException(
                $"{nameof(ContactPoints)} is empty or has an empty entry; name a node, host or host:port."
            );
        Within(Port, 1, 65535, nameof(Port));
        if (ProtocolVersion is not (null or 3 or 4))
            throw new ArgumentException(
                $"{nameof(ProtocolVersion)} is {ProtocolVersion}; it must be 3 or 4, or left out."
            );
        Within(ConnectionsPerHost, 1, 64, nameof(ConnectionsPerHost));
        Within(MaxInFlight, 1, 32_000, nameof(MaxInFlight));
        Within(PageSize, 1, int.MaxValue, nameof(PageSize));
        Within(Retries, 0, 10, nameof(Retries));
        if (SerialConsistency is not (CqlConsistency.Serial or CqlConsistency.LocalSerial))
            throw new ArgumentException(
                $"{nameof(SerialConsistency)} is {SerialConsistency}; it must be Serial or LocalSerial."
            );
        Positive(RequestTimeout, nameof(RequestTimeout));
        Positive(ConnectTimeout, nameof(ConnectTimeout));
        Positive(HeartbeatInterval, nameof(HeartbeatInterval));
        Positive(HeartbeatTimeout, nameof(HeartbeatTimeout));
        Positive(ReconnectDelay, nameof(ReconnectDelay));
        Positive(MaxReconnectDelay, nameof(MaxReconnectDelay));
        Positive(TopologyInterval, nameof(TopologyInterval));
        Positive(SchemaAgreementTimeout, nameof(SchemaAgreementTimeout));
    }

    private static void Within(int value, int least, int most, string name)
    {
        if (value < least || value > most)
            throw new ArgumentException($"{name} is {value}; it must be {least} to {most}.");
    }

    private static void Positive(TimeSpan value, string name)
    {
        if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1))
            throw new ArgumentException($"{name} is {value}; it must be above zero, at most a day.");
    }
}
