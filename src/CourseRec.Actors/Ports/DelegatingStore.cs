namespace CourseRec.Actors.Ports;

/// <summary>A store that passes everything on to another one; what is to be different is overridden.</summary>
public abstract class DelegatingStore : ISessionStore
{
    /// <summary>The store that everything is passed on to.</summary>
    protected abstract ISessionStore Inner { get; }

    /// <inheritdoc/>
    public ValueTask<StoreManifest?> ReadManifestAsync(CancellationToken cancel) => Inner.ReadManifestAsync(cancel);

    /// <inheritdoc/>
    public virtual ValueTask<bool> PinAsync(
        StoreManifest? expected,
        StoreManifest manifest,
        CancellationToken cancel
    ) => Inner.PinAsync(expected, manifest, cancel);

    /// <inheritdoc/>
    public virtual ValueTask<PartitionClaim> ClaimAsync(int partition, string owner, CancellationToken cancel) =>
        Inner.ClaimAsync(partition, owner, cancel);

    /// <inheritdoc/>
    public virtual ValueTask<PartitionClaim?> ReadClaimAsync(int partition, CancellationToken cancel) =>
        Inner.ReadClaimAsync(partition, cancel);

    /// <inheritdoc/>
    public virtual ValueTask<StoredPartition> LoadPartitionAsync(int partition, CancellationToken cancel) =>
        Inner.LoadPartitionAsync(partition, cancel);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<CounterChange>> LoadCountersAsync(
        int partition,
        LogVersion since,
        CancellationToken cancel
    ) => Inner.LoadCountersAsync(partition, since, cancel);

    /// <inheritdoc/>
    public virtual ValueTask<StoredSession?[]> LoadSessionsAsync(
        IReadOnlyList<string> users,
        CancellationToken cancel
    ) => Inner.LoadSessionsAsync(users, cancel);

    /// <inheritdoc/>
    public virtual ValueTask FlushAsync(PartitionFlush flush, CancellationToken cancel) =>
        Inner.FlushAsync(flush, cancel);

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredSession> ListSessionsAsync(CancellationToken cancel) =>
        Inner.ListSessionsAsync(cancel);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Parking>> ListParkedAsync(CancellationToken cancel) => Inner.ListParkedAsync(cancel);

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredInteraction> ListInteractionsAsync(string user, CancellationToken cancel) =>
        Inner.ListInteractionsAsync(user, cancel);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> CheckSettingsAsync(CancellationToken cancel) =>
        Inner.CheckSettingsAsync(cancel);

    /// <summary>Closes the other store, if this one is its owner.</summary>
    public abstract ValueTask DisposeAsync();
}
