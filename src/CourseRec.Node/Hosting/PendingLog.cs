using CourseRec.Actors.Ports;

namespace CourseRec.Node.Hosting;

/// <summary>
/// A log elsewhere, that is being opened. Until it is open every call is refused as unavailable, so that HTTP answers
/// 503.
/// </summary>
internal sealed class PendingLog : DelegatingLog, ICatalogueLog
{
    private readonly string _name;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<IInteractionLog> _opening;
    private volatile string? _waitsFor;

    /// <summary>Begins to open it.</summary>
    /// <param name="name">What it is and where, as <c>Kafka at host:port</c>.</param>
    /// <param name="open">
    /// Opens it; takes as long as it takes, and says what it waits for (null: nothing now). What it opens is a
    /// catalogue too.
    /// </param>
    public PendingLog(string name, Func<Action<string?>, CancellationToken, Task<IInteractionLog>> open)
    {
        _name = name;
        _opening = Task.Run(() => open(problem => _waitsFor = problem, _stop.Token));
    }

    /// <summary>Why it can't be used; null when it is open.</summary>
    public string? Problem =>
        _opening.IsCompletedSuccessfully ? null
        : _opening.Exception?.InnerException is { } error ? error.Message
        : _waitsFor ?? $"{_name} is not reached yet.";

    /// <inheritdoc/>
    protected override IInteractionLog Inner =>
        Problem is { } problem
            ? throw new LogUnavailableException($"{problem} This node keeps trying; send it again.")
            : _opening.Result;

    private ICatalogueLog Catalogue => (ICatalogueLog)Inner;

    /// <summary>Completes when it is open; throws what opening it came to.</summary>
    public Task OpenedAsync(CancellationToken cancel) => _opening.WaitAsync(cancel);

    /// <inheritdoc/>
    public ValueTask AppendAsync(IReadOnlyList<NewCatalogueRecord> records, CancellationToken cancel) =>
        Catalogue.AppendAsync(records, cancel);

    /// <inheritdoc/>
    public ValueTask<long> EndAsync(CancellationToken cancel) => Catalogue.EndAsync(cancel);

    /// <inheritdoc/>
    public IAsyncEnumerable<CatalogueRecord> FollowAsync(long from, CancellationToken cancel) =>
        Catalogue.FollowAsync(from, cancel);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)_opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_opening.IsCompletedSuccessfully)
            await _opening.Result.DisposeAsync();
    }
}

/// <summary>Waiting for a log.</summary>
public static class LogOpening
{
    /// <summary>Completes when the log can be used: at once, unless it is a <see cref="PendingLog"/>.</summary>
    public static Task WhenOpenAsync(this IInteractionLog log, CancellationToken cancel) =>
        log is PendingLog pending ? pending.OpenedAsync(cancel) : Task.CompletedTask;
}
