using System.Collections.Concurrent;
using CourseRec.Actors.Ports;

namespace CourseRec.Actors.Tests.Shards;

/// <summary>A store whose counters can be out of reach, and that remembers whose were followed.</summary>
internal sealed class FollowedStore(ISessionStore inner) : ISessionStore
{
    /// <summary>The partitions of which counters were read, by time.</summary>
    public ConcurrentQueue<int> Reads { get; } = new();

    public volatile bool IsAway;

    public ValueTask<StoreManifest?> ReadManifestAsync(CancellationToken cancel) => inner.ReadManifestAsync(cancel);

    public ValueTask<bool> PinAsync(StoreManifest? expected, StoreManifest manifest, CancellationToken cancel) =>
        inner.PinAsync(expected, manifest, cancel);

    public ValueTask<StoredPartition> LoadPartitionAsync(int partition, CancellationToken cancel) =>
        inner.LoadPartitionAsync(partition, cancel);

    public ValueTask<IReadOnlyList<CounterChange>> LoadCountersAsync(
        int partition,
        LogVersion since,
        CancellationToken cancel
    )
    {
        Reads.Enqueue(partition);
        return IsAway
            ? throw new StoreUnavailableException("the store is away")
            : inner.LoadCountersAsync(partition, since, cancel);
    }

    public ValueTask<IReadOnlyList<Parking>> ListParkedAsync(CancellationToken cancel) => inner.ListParkedAsync(cancel);

    public ValueTask<StoredSession?[]> LoadSessionsAsync(IReadOnlyList<string> users, CancellationToken cancel) =>
        inner.LoadSessionsAsync(users, cancel);

    public ValueTask FlushAsync(PartitionFlush flush, CancellationToken cancel) => inner.FlushAsync(flush, cancel);

    public IAsyncEnumerable<StoredSession> ListSessionsAsync(CancellationToken cancel) =>
        inner.ListSessionsAsync(cancel);

    public IAsyncEnumerable<StoredInteraction> ListInteractionsAsync(string user, CancellationToken cancel) =>
        inner.ListInteractionsAsync(user, cancel);

    public ValueTask<IReadOnlyList<string>> CheckSettingsAsync(CancellationToken cancel) =>
        inner.CheckSettingsAsync(cancel);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
