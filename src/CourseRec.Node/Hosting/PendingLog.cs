using CourseRec.Actors.Ports;

namespace CourseRec.Node.Hosting;

/// <summary>A log elsewhere, that is being opened. Until it is open every call is refused as unavailable, so that HTTP answers 503.</summary>
internal sealed class PendingLog : IInteractionLog, ICatalogueLog
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<IInteractionLog> _opening;
    private volatile string _waiting;

    /// <summary>Begins to open it.</summary>
    /// <param name="name">What it is and where, as <c>Kafka at host:port</c>.</param>
    /// <param name="open">Opens it; takes as long as it takes, and says what it waits for. What it opens is a catalogue too.</param>
    public PendingLog(string name, Func<Action<string>, CancellationToken, Task<IInteractionLog>> open)
    {
        _waiting = $"{name} is not reached yet.";
        _opening = Task.Run(() => open(problem => _waiting = $"{name} is waited for: {problem}", _stop.Token));
    }

    /// <summary>Why it can't be used; null when it is open.</summary>
    public string? Problem =>
        _opening.IsCompletedSuccessfully ? null
        : _opening.Exception?.InnerException is { } error ? error.Message
        : _waiting;

    /// <inheritdoc/>
    public LogIdentity Identity => Log.Identity;

    private IInteractionLog Log =>
        Problem is { } problem
            ? throw new LogUnavailableException($"{problem} This node keeps trying; send it again.")
            : _opening.Result;

    private ICatalogueLog Catalogue => (ICatalogueLog)Log;

    /// <summary>Completes when it is open; throws what opening it came to.</summary>
    public Task OpenedAsync(CancellationToken cancel) => _opening.WaitAsync(cancel);

    /// <inheritdoc/>
    public ValueTask AppendAsync(IReadOnlyList<NewRecord> records, CancellationToken cancel) =>
        Log.AppendAsync(records, cancel);

    /// <inheritdoc/>
    public Task ConsumeAsync(ILogConsumer consumer, CancellationToken stop) => Log.ConsumeAsync(consumer, stop);

    /// <inheritdoc/>
    public ValueTask<OffsetRange> RangeAsync(int partition, CancellationToken cancel) =>
        Log.RangeAsync(partition, cancel);

    /// <inheritdoc/>
    public ValueTask<long> FindOffsetAsync(int partition, long acceptedAt, CancellationToken cancel) =>
        Log.FindOffsetAsync(partition, acceptedAt, cancel);

    /// <inheritdoc/>
    public IAsyncEnumerable<ReadOnlyMemory<LogRecord>> ReadAsync(int partition, long from, CancellationToken cancel) =>
        Log.ReadAsync(partition, from, cancel);

    /// <inheritdoc/>
    public ValueTask CommitAsync(int partition, long next, CancellationToken cancel) =>
        Log.CommitAsync(partition, next, cancel);

    /// <inheritdoc/>
    public bool IsOwnershipProven(int partition) => Log.IsOwnershipProven(partition);

    /// <inheritdoc/>
    public ValueTask AppendDeadLettersAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancel) =>
        Log.AppendDeadLettersAsync(letters, cancel);

    /// <inheritdoc/>
    public IAsyncEnumerable<DeadLetter> ReadDeadLettersAsync(CancellationToken cancel) =>
        Log.ReadDeadLettersAsync(cancel);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> CheckSettingsAsync(CancellationToken cancel) =>
        Log.CheckSettingsAsync(cancel);

    /// <inheritdoc/>
    public ValueTask AppendAsync(IReadOnlyList<NewCatalogueRecord> records, CancellationToken cancel) =>
        Catalogue.AppendAsync(records, cancel);

    /// <inheritdoc/>
    public ValueTask<long> EndAsync(CancellationToken cancel) => Catalogue.EndAsync(cancel);

    /// <inheritdoc/>
    public IAsyncEnumerable<CatalogueRecord> FollowAsync(long from, CancellationToken cancel) =>
        Catalogue.FollowAsync(from, cancel);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)_opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_opening.IsCompletedSuccessfully)
            await _opening.Result.DisposeAsync();
    }
}

/// <summary>Waiting for a log.</summary>
internal static class LogOpening
{
    /// <summary>Completes when the log can be used: at once, unless it is a <see cref="PendingLog"/>.</summary>
    public static Task WhenOpenAsync(this IInteractionLog log, CancellationToken cancel) =>
        log is PendingLog pending ? pending.OpenedAsync(cancel) : Task.CompletedTask;
}
