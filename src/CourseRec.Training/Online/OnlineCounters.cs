namespace CourseRec.Training.Online;

/// <summary>What happened in this process, for the status and the metrics. Safe for concurrent use.</summary>
internal sealed class OnlineCounters
{
    private long _taught;
    private long _trained;
    private long _dropped;
    private long _steps;
    private long _published;
    private long _rejected;
    private long _rolledBack;
    private long _owed;
    private int _courses;
    private string? _lastRefusal;

    /// <summary>V of the model that learns.</summary>
    public int Courses
    {
        get => Volatile.Read(ref _courses);
        set => Volatile.Write(ref _courses, value);
    }

    /// <summary>Repeated positions that were earned and are not trained yet.</summary>
    public long Owed
    {
        get => Volatile.Read(ref _owed);
        set => Volatile.Write(ref _owed, value);
    }

    public long TaughtCount => Volatile.Read(ref _taught);

    public long TrainedCount => Volatile.Read(ref _trained);

    public long DroppedCount => Volatile.Read(ref _dropped);

    public long StepCount => Volatile.Read(ref _steps);

    public long PublishedCount => Volatile.Read(ref _published);

    public long RejectedCount => Volatile.Read(ref _rejected);

    public long RolledBackCount => Volatile.Read(ref _rolledBack);

    public string? LastRefusal => Volatile.Read(ref _lastRefusal);

    public void Taught() => Interlocked.Increment(ref _taught);

    public void Dropped()
    {
        Interlocked.Increment(ref _dropped);
        OnlineMetrics.Dropped();
    }

    /// <summary>There was a step.</summary>
    /// <param name="examples">Fresh ones in it.</param>
    public void Stepped(int examples)
    {
        Interlocked.Increment(ref _steps);
        OnlineMetrics.Stepped();
        Interlocked.Add(ref _trained, examples);
        OnlineMetrics.Trained(examples);
    }

    public void Served()
    {
        Interlocked.Increment(ref _published);
        OnlineMetrics.Served();
    }

    public void Refused(string why)
    {
        Volatile.Write(ref _lastRefusal, why);
        Interlocked.Increment(ref _rejected);
        OnlineMetrics.Refused();
    }

    public void RolledBack()
    {
        Interlocked.Increment(ref _rolledBack);
        OnlineMetrics.RolledBack();
    }
}
