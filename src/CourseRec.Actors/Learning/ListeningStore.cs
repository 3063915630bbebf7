using CourseRec.Actors.Ports;

namespace CourseRec.Actors.Learning;

/// <summary>
/// The store of a host that folds only to teach: it is read, and what would be stored is left to the host that serves
/// the partition.
/// </summary>
public sealed class ListeningStore(ISessionStore inner) : DelegatingStore
{
    /// <inheritdoc/>
    protected override ISessionStore Inner => inner;

    /// <inheritdoc/>
    public override ValueTask<bool> PinAsync(
        StoreManifest? expected,
        StoreManifest manifest,
        CancellationToken cancel
    ) =>
        throw new StoreUnavailableException(
            "The session store is new: the first node with the role session prepares it."
        );

    /// <inheritdoc/>
    public override ValueTask FlushAsync(PartitionFlush flush, CancellationToken cancel) => ValueTask.CompletedTask;

    /// <summary>Leaves the store open: it is somebody else's.</summary>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
