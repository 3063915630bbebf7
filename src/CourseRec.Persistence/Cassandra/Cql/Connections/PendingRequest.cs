using CourseRec.Persistence.Cassandra.Cql.Protocol;

namespace CourseRec.Persistence.Cassandra.Cql.Connections;

/// <summary>A request that waits for a place, or for its answer. Its bytes are read only until it is complete.</summary>
/// <param name="bytes">The whole frame; the stream is filled in where it is sent.</param>
/// <param name="deadline">A timestamp of the time provider.</param>
internal sealed class PendingRequest(ReadOnlyMemory<byte> bytes, long deadline)
    : TaskCompletionSource<Frame>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    public long Deadline { get; } = deadline;

    public bool IsCompleted => Task.IsCompleted;
}
