using System.Collections.Concurrent;
using CourseRec.Actors.Ports;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>A store whose counters can be out of reach, and that remembers whose were followed.</summary>
internal sealed class FollowedStore(ISessionStore inner) : DelegatingStore
{
    /// <summary>The partitions of which counters were read, by time.</summary>
    public ConcurrentQueue<int> Reads { get; } = new();

    public volatile bool IsAway;

    protected override ISessionStore Inner => inner;

    public override ValueTask<IReadOnlyList<CounterChange>> LoadCountersAsync(
        int partition,
        LogVersion since,
        CancellationToken cancel
    )
    {
        Reads.Enqueue(partition);
        return IsAway
            ? throw new StoreUnavailableException("the store is away")
            : base.LoadCountersAsync(partition, since, cancel);
    }

    public override ValueTask DisposeAsync() => inner.DisposeAsync();
}
