using CourseRec.Actors.Ports;
using CourseRec.Node.Hosting;
using CourseRec.Node.Kafka;
using CourseRec.Node.Options;
using CourseRec.Streams.Embedded;
using CourseRec.Streams.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace CourseRec.Cli;

/// <summary>A log without the node: Kafka's, whoever else is at it, or that of a stopped node's data folder.</summary>
public sealed class OpenedLog : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly DataDirectory? _folder;

    private OpenedLog(IInteractionLog log, DataDirectory? folder)
    {
        Log = log;
        _folder = folder;
    }

    /// <summary>The log.</summary>
    public IInteractionLog Log { get; }

    /// <summary>Opens the log that a node with these options would have.</summary>
    /// <exception cref="CliException">There is none.</exception>
    public static async Task<OpenedLog> OpenAsync(NodeOptions options, CancellationToken cancel)
    {
        if (options.Kafka.BootstrapServers is not null)
            return new(await OpenKafkaAsync(KafkaLogs.OptionsOf(options, generation: 1), cancel), null);
        RequireFile(DataDirectory.LogPathOf(options.DataDir));
        var folder = DataDirectory.Open(options.DataDir);
        try
        {
            return new(OpenFile(folder.LogPath, options.Log.Partitions), folder);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Opens Kafka, if it answers soon.</summary>
    /// <exception cref="LogUnavailableException">It does not.</exception>
    public static async Task<KafkaLog> OpenKafkaAsync(KafkaLogOptions options, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            return await KafkaLog.OpenAsync(options, TimeProvider.System, NullLogger<KafkaLog>.Instance, either.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw new LogUnavailableException(
                $"Kafka at {options.BootstrapServers} did not answer in {Patience.TotalSeconds} s. Does it run there?"
            );
        }
    }

    /// <summary>Opens an embedded log, which it makes where there is none.</summary>
    public static EmbeddedLog OpenFile(string path, int partitions)
    {
        // Looking must not trim what a node would still keep.
        var options = new EmbeddedLogOptions
        {
            Path = path,
            Partitions = partitions,
            RetainFor = TimeSpan.FromDays(36_500),
            RetainBytes = long.MaxValue,
        };
        return EmbeddedLog.Open(options, TimeProvider.System, NullLogger<EmbeddedLog>.Instance);
    }

    /// <summary>Refuses to make a new log where one is to be looked at.</summary>
    /// <exception cref="CliException">There is none.</exception>
    public static void RequireFile(string path)
    {
        if (!File.Exists(path))
            throw new CliException(
                $"{path} does not exist: name a node's data folder with --data-dir, or with --kafka the broker that "
                    + "has its log."
            );
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        _folder?.Dispose();
    }
}
