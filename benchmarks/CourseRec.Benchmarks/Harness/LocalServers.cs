using CourseRec.Cli;

namespace CourseRec.Benchmarks.Harness;

/// <summary>
/// A broker and a Cassandra with the tables in it, of a benchmark's own, on free ports of 127.0.0.1 and in a folder.
/// </summary>
internal sealed class LocalServers : IAsyncDisposable
{
    private LocalServers(Checkout checkout, string folder)
    {
        Kafka = new(checkout, Directory.CreateDirectory(Path.Combine(folder, "kafka")).FullName);
        Cassandra = new(checkout, Directory.CreateDirectory(Path.Combine(folder, "cassandra")).FullName);
    }

    /// <summary>The broker.</summary>
    public LocalKafka Kafka { get; }

    /// <summary>The store.</summary>
    public LocalCassandra Cassandra { get; }

    /// <summary>A node's options to use them, by path.</summary>
    public KeyValuePair<string, string?>[] Options =>
        [.. Kafka.Options, new("Cassandra:ContactPoints", Cassandra.Address)];

    /// <summary>What a node is told to use them; session verbs too.</summary>
    public string[] NodeFlags => [.. Kafka.NodeFlags, "--cassandra", Cassandra.Address];

    /// <summary>Starts both.</summary>
    /// <exception cref="Cli.CliException">One of them did not start.</exception>
    public static async Task<LocalServers> StartAsync(Checkout checkout, string folder, CancellationToken cancel)
    {
        var servers = new LocalServers(checkout, folder);
        try
        {
            await Task.WhenAll(servers.Kafka.StartAsync(cancel), servers.Cassandra.StartAsync(cancel));
            await Subprocess.RunVerbAsync(["migrate", "--cassandra", servers.Cassandra.Address], cancel);
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
