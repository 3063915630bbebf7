using CourseRec.Actors.Ports;
using CourseRec.Node.Hosting;
using CourseRec.Node.Kafka;
using CourseRec.Node.Options;
using CourseRec.Persistence.Cassandra;
using CourseRec.Persistence.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace CourseRec.Cli;

/// <summary>The data folder of a node that is not running, held while it is looked at.</summary>
internal sealed class StoppedData : IAsyncDisposable
{
    private readonly DataDirectory _folder;
    private readonly List<IAsyncDisposable> _open = [];

    private StoppedData(NodeOptions options, DataDirectory folder, ISessionStore store)
    {
        Options = options;
        _folder = folder;
        Store = store;
        _open.Add(store);
    }

    /// <summary>The options a node would have there.</summary>
    public NodeOptions Options { get; }

    /// <summary>The sessions.</summary>
    public ISessionStore Store { get; }

    /// <summary>Opens the store of a folder.</summary>
    /// <exception cref="CliException">There is none.</exception>
    public static StoppedData Open(NodeOptions options)
    {
        var path = DataDirectory.StorePathOf(options.DataDir);
        if (options.Cassandra.ContactPoints is null && !File.Exists(path))
            throw new CliException($"{path} does not exist. Name a node's data folder with --data-dir.");
        var folder = DataDirectory.Open(options.DataDir);
        try
        {
            return new StoppedData(options, folder, OpenStore(options, folder));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private static ISessionStore OpenStore(NodeOptions options, DataDirectory folder) =>
        options.Cassandra.ContactPoints is null
            ? SqliteSessionStore.Open(new() { Path = folder.StorePath })
            : CassandraSessionStore.Open(options.Cassandra.StoreOptions, TimeProvider.System, NullLogger.Instance);

    /// <summary>
    /// The log that a node would have there, in a generation: Kafka's, or the folder's, which is made where there is
    /// none.
    /// </summary>
    public async Task<IInteractionLog> OpenLogAsync(int generation, CancellationToken cancel) =>
        Options.Kafka.BootstrapServers is null
            ? OpenFile(_folder.LogPath, Options.Log.Partitions)
            : await OpenTopicAsync(Options.Kafka.Topic, generation, cancel);

    /// <summary>Opens the log as it is, in the generation that the store is pinned to.</summary>
    /// <exception cref="CliException">There is none.</exception>
    public async Task<IInteractionLog> OpenExistingLogAsync(CancellationToken cancel)
    {
        if (Options.Kafka.BootstrapServers is null)
            OpenedLog.RequireFile(_folder.LogPath);
        var manifest = await Store.ReadManifestAsync(cancel);
        return await OpenLogAsync(manifest?.Generation ?? 1, cancel);
    }

    /// <summary>Opens a topic of the same Kafka.</summary>
    /// <exception cref="LogUnavailableException">Kafka does not answer.</exception>
    public async Task<IInteractionLog> OpenTopicAsync(string topic, int generation, CancellationToken cancel)
    {
        var options = KafkaLogs.OptionsOf(Options, generation) with { Topic = topic };
        return Keep(await OpenedLog.OpenKafkaAsync(options, cancel));
    }

    /// <summary>Opens a log in a file.</summary>
    public IInteractionLog OpenFile(string path, int partitions) => Keep(OpenedLog.OpenFile(path, partitions));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var open in _open)
            await open.DisposeAsync();
        _folder.Dispose();
    }

    private IInteractionLog Keep(IInteractionLog log)
    {
        _open.Add(log);
        return log;
    }
}
