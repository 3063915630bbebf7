namespace CourseRec.Benchmarks.Harness;

/// <summary>
/// A broker and a Cassandra with the tables in it, of a benchmark's own, on free ports of 127.0.0.1 and in a folder.
/// </summary>
/// <param name="folder">The folder.</param>
internal sealed class LocalServers(string folder) : IAsyncDisposable
{
    /// <summary>The broker.</summary>
    public KafkaBroker Kafka { get; } = new(Path.Combine(folder, "kafka"));

    /// <summary>The store.</summary>
    public CassandraServer Cassandra { get; } = new(Path.Combine(folder, "cassandra"));

    /// <summary>A node's options to use them, by path.</summary>
    public KeyValuePair<string, string?>[] Options =>
        [.. Kafka.Options, new("Cassandra:ContactPoints", Cassandra.Address)];

    /// <summary>What a node is told to use them; session verbs too.</summary>
    public string[] NodeFlags => [.. Kafka.NodeFlags, "--cassandra", Cassandra.Address];

    /// <summary>Starts both.</summary>
    /// <exception cref="ProcessException">One of them did not start.</exception>
    public static async Task<LocalServers> StartAsync(string folder, CancellationToken cancel)
    {
        var servers = new LocalServers(folder);
        try
        {
            await Task.WhenAll(servers.Kafka.StartAsync(cancel), servers.Cassandra.StartAsync(cancel));
            await servers.Cassandra.MigrateAsync(cancel);
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Kafka.DisposeAsync();
        await Cassandra.DisposeAsync();
    }
}
