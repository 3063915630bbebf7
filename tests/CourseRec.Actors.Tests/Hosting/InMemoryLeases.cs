using CourseRec.Actors.Ports;

namespace CourseRec.Actors.Tests.Hosting;

/// <summary>Leases of one process, which can be away or silent as a store can.</summary>
internal sealed class InMemoryLeases(TimeProvider time) : ILeases
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Owner, DateTimeOffset Until)> _leases = [];
    private int _asked;
    private int _acquired;

    /// <summary>Whether the store refuses every call.</summary>
    public volatile bool IsAway;

    /// <summary>Whether the store leaves every call without an answer.</summary>
    public volatile bool IsSilent;

    /// <summary>How often the store was asked for a lease.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>How often a lease was acquired or renewed.</summary>
    public int Acquired => Volatile.Read(ref _acquired);

    public async ValueTask<bool> TryAcquireAsync(
        string name,
        string owner,
        TimeSpan timeToLive,
        CancellationToken cancel
    )
    {
        Interlocked.Increment(ref _asked);
        await AnswerAsync(cancel);
        lock (_lock)
        {
            if (Holder(name) is { } holder && holder != owner)
                return false;
            _leases[name] = (owner, time.GetUtcNow() + timeToLive);
            Interlocked.Increment(ref _acquired);
            return true;
        }
    }

    public async ValueTask ReleaseAsync(string name, string owner, CancellationToken cancel)
    {
        await AnswerAsync(cancel);
        lock (_lock)
        {
            if (Holder(name) == owner)
                _leases.Remove(name);
        }
    }

    public async ValueTask<bool> IsHeldAsync(string name, string owner, CancellationToken cancel)
    {
        await AnswerAsync(cancel);
        lock (_lock)
            return Holder(name) == owner;
    }

    private string? Holder(string name) =>
        _leases.TryGetValue(name, out var lease) && lease.Until > time.GetUtcNow() ? lease.Owner : null;

    private async Task AnswerAsync(CancellationToken cancel)
    {
        if (IsAway)
            throw new StoreUnavailableException("the store is away");
        if (IsSilent)
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancel);
    }
}
