namespace CourseRec.Cli.Targets;

/// <summary>Counts what was sent. Safe for concurrent use.</summary>
public sealed class SendProgress
{
    private long _sent;
    private long _accepted;
    private long _rejected;
    private long _lag;
    private string? _firstReason;

    /// <summary>Events answered.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Events accepted.</summary>
    public long Accepted => Volatile.Read(ref _accepted);

    /// <summary>Events refused.</summary>
    public long Rejected => Volatile.Read(ref _rejected);

    /// <summary>Why the first refused event was.</summary>
    public string? FirstReason => Volatile.Read(ref _firstReason);

    /// <summary>Records accepted but not applied, as last seen.</summary>
    public long Lag
    {
        get => Volatile.Read(ref _lag);
        set => Volatile.Write(ref _lag, value);
    }

    /// <summary>Counts one answered request.</summary>
    public void Add(int events, SendResult result)
    {
        Interlocked.Add(ref _sent, events);
        Interlocked.Add(ref _accepted, result.Accepted);
        Interlocked.Add(ref _rejected, result.Rejected);
        if (result.FirstReason is { } reason)
            Interlocked.CompareExchange(ref _firstReason, reason, null);
    }
}
