using CourseRec.Actors.Ports;

namespace CourseRec.Actors.Learning;

/// <summary>
/// The log of a host that reads it only to teach, in a consumer group of its own: ownership is never proven, so that
/// nothing is served, and what folding would append (forwards, dead letters) is left to the host that serves the
/// partition.
/// </summary>
public sealed class ListeningLog(IInteractionLog inner) : DelegatingLog
{
    /// <inheritdoc/>
    protected override IInteractionLog Inner => inner;

    /// <inheritdoc/>
    public override ValueTask AppendAsync(IReadOnlyList<NewRecord> records, CancellationToken cancel) =>
        ValueTask.CompletedTask;

    /// <inheritdoc/>
    public override bool IsOwnershipProven(int partition) => false;

    /// <inheritdoc/>
    public override ValueTask AppendDeadLettersAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancel) =>
        ValueTask.CompletedTask;

    /// <summary>Leaves the log open: it is somebody else's.</summary>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
