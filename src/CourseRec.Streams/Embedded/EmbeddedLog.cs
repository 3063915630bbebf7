using CourseRec.Actors.Ports;
using CourseRec.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace CourseRec.Streams.Embedded;

/// <summary>
/// The interaction log and the catalogue in one SQLite file, for one process. One thread writes: what all callers
/// append while a transaction is under way goes into the next one (group commit), so that a lone append is not delayed
/// and many share a sync. Committed batches go to who follows by reference; the file is read only by those who are
/// behind.
/// </summary>
public sealed partial class EmbeddedLog : IInteractionLog, ICatalogueLog
{
    private readonly EmbeddedLogOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<EmbeddedLog> _logger;
    private readonly FileLock _lock;
    private readonly SqliteFile _file;
    private readonly ReaderPool _readers;
    private readonly LogPartition[] _partitions;
    private readonly CancellationTokenSource _closing = new();

    private EmbeddedLog(EmbeddedLogOptions options, TimeProvider time, ILogger<EmbeddedLog> logger, FileLock fileLock)
    {
        (_options, _time, _logger, _lock) = (options, time, logger, fileLock);
        var made = new LogIdentity(Guid.NewGuid().ToString("N"), options.Partitions);
        _file = SqliteFile.Open(options.Path, EmbeddedLogSchema.Format(made));
        _readers = new(_file);
        Identity = ReadIdentity();
        var tailBytes = options.TailBytes / Identity.Partitions;
        _partitions = [.. Enumerable.Range(0, Identity.Partitions).Select(p => new LogPartition(p, tailBytes))];
        (_pending, _writing) = (new(Identity.Partitions), new(Identity.Partitions));
        _writer = OpenWriter();
        foreach (var partition in _partitions)
            partition.Commit(_writer.LoadCommitted(partition.Number));
        _writerThread = StartWriter();
        _trimTimer = time.CreateTimer(_ => RequestTrim(), null, options.TrimEvery, options.TrimEvery);
        _logger.Opened(_file.Path, Identity.Partitions, _partitions.Sum(p => p.Range.End - p.Range.First), Identity.Id);
    }

    /// <inheritdoc/>
    public LogIdentity Identity { get; }

    /// <inheritdoc/>
    public LogAddress Address { get; } = new("courserec", "interactions");

    /// <inheritdoc/>
    public string? Problem => null;

    /// <summary>The most pages that the file may grow to, for tests of a full disk.</summary>
    internal long? MaxPages { get; set; }

    /// <summary>Opens a log, or makes a new one where there is no file. Only one process can have it open.</summary>
    /// <param name="options">Where it is and how much it keeps.</param>
    /// <param name="time">The clock, for trimming.</param>
    /// <param name="logger">Told what operators should know.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="SqliteFileException">
    /// The file is in use, damaged, foreign, of a newer format, or has another number of partitions. It was not
    /// changed.
    /// </exception>
    public static EmbeddedLog Open(EmbeddedLogOptions options, TimeProvider time, ILogger<EmbeddedLog> logger)
    {
        options.Validate();
        options = options with { Path = Path.GetFullPath(options.Path) };
        var fileLock = FileLock.Take(options.Path);
        try
        {
            return new(options, time, logger, fileLock);
        }
        catch (Exception e)
        {
            fileLock.Dispose();
            if (e is SqliteException engine)
                throw new SqliteFileException($"{options.Path} can't be opened: {engine.Message}", engine);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task OpenedAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <summary>
    /// Ends what is followed, finishes what is queued and closes the file. Later calls are refused.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested)
            return;
        await _closing.CancelAsync();
        await _trimTimer.DisposeAsync();
        await StopWriterAsync();
        _readers.Dispose();
        _lock.Dispose();
        _closing.Dispose();
    }

    private LogIdentity ReadIdentity()
    {
        using var connection = _file.Connect(SqliteDurability.Normal);
        var identity = new LogIdentity(
            connection.Read<string>("SELECT id FROM log")!,
            (int)connection.Read<long>("SELECT partitions FROM log")
        );
        if (identity.Partitions != _options.Partitions)
            throw new SqliteFileException(
                $"{_file.Path} has {identity.Partitions} partitions, and {_options.Partitions} are configured. "
                    + $"A log's partitions never change: configure {identity.Partitions}, or point the data "
                    + "directory elsewhere."
            );
        return identity;
    }

    private LogPartition PartitionAt(int partition)
    {
        if ((uint)partition >= (uint)_partitions.Length)
            throw new ArgumentOutOfRangeException(
                nameof(partition),
                partition,
                $"The log has partitions 0 to {_partitions.Length - 1}."
            );
        return _partitions[partition];
    }
}
