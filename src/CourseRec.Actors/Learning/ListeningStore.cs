using CourseRec.Actors.Ports;

namespace CourseRec.Actors.Learning;

/// <summary>The store of a host that folds only to teach: it is read, and what would be stored is left to the host that serves the partition.</summary>
public sealed class ListeningStore(ISessionStore inner) : ISessionStore
{
    /// <inheritdoc/>
    public ValueTask<StoreManifest?> ReadManifestAsync(CancellationToken cancel) => inner.ReadManifestAsync(cancel);

    /// <inheritdoc/>
    public ValueTask<bool> PinAsync(StoreManifest? expected, StoreManifest manifest, CancellationToken cancel) =>
        throw new StoreUnavailableException(
            "The session store is new: the first node with the role session prepares it."
        );

    /// <inheritdoc/>
    public ValueTask<StoredPartition> LoadPartitionAsync(int partition, CancellationToken cancel) =>
        inner.LoadPartitionAsync(partition, cancel);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<CounterChange>> LoadCountersAsync(
        int partition,
        LogVersion since,
        CancellationToken cancel
    ) => inner.LoadCountersAsync(partition, since, cancel);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Parking>> ListParkedAsync(CancellationToken cancel) => inner.ListParkedAsync(cancel);

    /// <inheritdoc/>
    public ValueTask<StoredSession?[]> LoadSessionsAsync(IReadOnlyList<string> users, CancellationToken cancel) =>
        inner.LoadSessionsAsync(users, cancel);

    /// <inheritdoc/>
    public ValueTask FlushAsync(PartitionFlush flush, CancellationToken cancel) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredSession> ListSessionsAsync(CancellationToken cancel) =>
        inner.ListSessionsAsync(cancel);

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredInteraction> ListInteractionsAsync(string user, CancellationToken cancel) =>
        inner.ListInteractionsAsync(user, cancel);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> CheckSettingsAsync(CancellationToken cancel) =>
        inner.CheckSettingsAsync(cancel);

    /// <summary>Leaves the store open: it is somebody else's.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
