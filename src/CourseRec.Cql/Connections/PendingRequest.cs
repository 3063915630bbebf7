using CourseRec.Cql.Protocol;

namespace CourseRec.Cql.Connections;

/// <summary>
/// A request that waits for a place, or for its answer. It is settled under its connection's gate, and completed,
/// which lets its caller go on, outside. Its bytes are read only until it is settled.
/// </summary>
/// <param name="bytes">The whole frame; the stream is filled in where it is sent.</param>
/// <param name="deadline">A timestamp of the time provider.</param>
internal sealed class PendingRequest(ReadOnlyMemory<byte> bytes, long deadline) : TaskCompletionSource<Frame>
{
    private Frame _answer;
    private Exception? _problem;

    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    public long Deadline { get; } = deadline;

    /// <summary>What gives it up when its caller does.</summary>
    public CancellationTokenRegistration Registration { get; set; }

    public bool IsSettled { get; private set; }

    public void Settle(Frame answer) => (_answer, IsSettled) = (answer, true);

    public void Settle(Exception problem) => (_problem, IsSettled) = (problem, true);

    /// <summary>Its caller goes on, here and now.</summary>
    public void Complete()
    {
        Registration.Unregister();
        if (_problem is null)
            SetResult(_answer);
        else
            SetException(_problem);
    }
}
