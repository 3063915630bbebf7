namespace CourseRec.Actors.Ports;

/// <summary>A store that passes everything on to another one; what is to be different is overridden.</summary>
/// <param name="inner">The store that everything is passed on to.</param>
public abstract class DelegatingStore(ISessionStore inner) : ISessionStore
{
    /// <inheritdoc/>
    public ValueTask<StoreManifest?> ReadManifestAsync(CancellationToken cancel) => inner.ReadManifestAsync(cancel);

    /// <inheritdoc/>
    public virtual ValueTask<bool> PinAsync(
        StoreManifest? expected,
        StoreManifest manifest,
        CancellationToken cancel
    ) => inner.PinAsync(expected, manifest, cancel);

    /// <inheritdoc/>
    public ValueTask<StoredPartition> LoadPartitionAsync(int partition, CancellationToken cancel) =>
        inner.LoadPartitionAsync(partition, cancel);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<CounterChange>> LoadCountersAsync(
        int partition,
        LogVersion since,
        CancellationToken cancel
    ) => inner.LoadCountersAsync(partition, since, cancel);

    /// <inheritdoc/>
    public ValueTask<StoredSession?[]> LoadSessionsAsync(IReadOnlyList<string> users, CancellationToken cancel) =>
        inner.LoadSessionsAsync(users, cancel);

    /// <inheritdoc/>
    public virtual ValueTask FlushAsync(PartitionFlush flush, CancellationToken cancel) =>
        inner.FlushAsync(flush, cancel);

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredSession> ListSessionsAsync(CancellationToken cancel) =>
        inner.ListSessionsAsync(cancel);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Parking>> ListParkedAsync(CancellationToken cancel) => inner.ListParkedAsync(cancel);

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredInteraction> ListInteractionsAsync(string user, CancellationToken cancel) =>
        inner.ListInteractionsAsync(user, cancel);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> CheckSettingsAsync(CancellationToken cancel) =>
        inner.CheckSettingsAsync(cancel);

    /// <summary>Closes the other store, if this one is its owner.</summary>
    public abstract ValueTask DisposeAsync();
}
