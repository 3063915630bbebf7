using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Node.Operations;
using CourseRec.Node.Options;

namespace CourseRec.Node.Http;

/// <summary>
/// Refuses events while a partition is too far behind to take more. Looks at most ten times a second. A stopped one
/// does not count: its users' events wait in the log, the others' go on.
/// </summary>
internal sealed class BacklogGate(ShardReader shards, NodeOptions options, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private long _lookedAt = -1;
    private long _lag;

    /// <exception cref="LogBusyException">A partition has more records to fold than the option allows.</exception>
    public async ValueTask ThrowIfBehindAsync(CancellationToken cancel)
    {
        var lookedAt = Volatile.Read(ref _lookedAt);
        if (lookedAt < 0 || time.GetElapsedTime(lookedAt) > Interval)
        {
            Volatile.Write(ref _lookedAt, time.GetTimestamp());
            var seen = await shards.ReadAsync(cancel);
            Volatile.Write(
                ref _lag,
                seen.Where(s => s.State != PartitionState.Stopped).Select(s => s.Lag).DefaultIfEmpty(0).Max()
            );
        }
        if (Volatile.Read(ref _lag) is var lag && lag > options.Intake.MaxLag)
            throw new LogBusyException($"A partition has {lag} events still to apply; try again later.");
    }
}
