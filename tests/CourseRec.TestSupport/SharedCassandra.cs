namespace CourseRec.TestSupport;

/// <summary>
/// One server for all tests of a collection, which run one after the other. Its tables do not outlive a restart.
/// </summary>
public class SharedCassandra : IAsyncLifetime
{
    private int _keyspaces;
    private CassandraServer? _server;

    /// <summary>The server.</summary>
    public CassandraServer Server => _server ?? throw new InvalidOperationException("Cassandra is not started yet.");

    /// <summary>A name that no other test has; the keyspace is not made.</summary>
    public string NewKeyspace() => $"test_{Interlocked.Increment(ref _keyspaces)}";

    /// <inheritdoc/>
    public async Task InitializeAsync() =>
        _server = await CassandraServer.StartAsync(new CassandraServerOptions { IsSchemaVolatile = true });

    /// <inheritdoc/>
    public async Task DisposeAsync() => await Server.DisposeAsync();
}
