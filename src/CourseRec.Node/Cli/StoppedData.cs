using CourseRec.Actors.Ports;
using CourseRec.Node.Hosting;
using CourseRec.Node.Options;
using CourseRec.Persistence.Cassandra;
using CourseRec.Persistence.Sqlite;
using CourseRec.Streams.Embedded;
using Microsoft.Extensions.Logging.Abstractions;

namespace CourseRec.Node.Cli;

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

    /// <summary>Opens the folder's log, or makes a new one where there is none.</summary>
    public EmbeddedLog OpenLog() => OpenLog(_folder.LogPath, Options.Log.Partitions);

    /// <summary>Opens the folder's log as it is.</summary>
    /// <exception cref="CliException">There is none.</exception>
    public EmbeddedLog OpenExistingLog() =>
        File.Exists(_folder.LogPath)
            ? OpenLog()
            : throw new CliException(
                $"{_folder.LogPath} does not exist, so there is nothing to verify the sessions against."
            );

    /// <summary>Opens a log beside it.</summary>
    public EmbeddedLog OpenLog(string path, int partitions)
    {
        // Looking must not trim what a node would still keep.
        var options = new EmbeddedLogOptions
        {
            Path = path,
            Partitions = partitions,
            RetainFor = TimeSpan.FromDays(36_500),
            RetainBytes = long.MaxValue,
        };
        var log = EmbeddedLog.Open(options, TimeProvider.System, NullLogger<EmbeddedLog>.Instance);
        _open.Add(log);
        return log;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var open in _open)
            await open.DisposeAsync();
        _folder.Dispose();
    }
}
