namespace CourseRec.Training.Online;

/// <summary>
/// How long it takes from an accepted event to a served model that has learned it, and what share of the events gets
/// there in time.
/// </summary>
internal sealed class Freshness(TimeProvider time, TimeSpan inTime)
{
    private const int Window = 4_096;

    private readonly Lock _lock = new();
    private readonly double[] _last = new double[Window]; // ms
    private long _served;
    private long _servedInTime;
    private long _lost;

    /// <summary>In time / (served or lost); 1 before the first.</summary>
    public double Coverage
    {
        get
        {
            lock (_lock)
                return _served + _lost == 0 ? 1 : (double)_servedInTime / (_served + _lost);
        }
    }

    /// <summary>A model that has learned these serves now.</summary>
    /// <param name="acceptedAt">Unix milliseconds.</param>
    public void Served(IReadOnlyList<long> acceptedAt)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        lock (_lock)
            foreach (var at in acceptedAt)
            {
                var age = Math.Max(0, now - at);
                _last[_served++ % Window] = age;
                _servedInTime += age <= inTime.TotalMilliseconds ? 1 : 0;
                OnlineMetrics.Fresh(age / 1_000.0);
            }
    }

    /// <summary>So many examples are in no model and will not be.</summary>
    public void Lost(int examples)
    {
        lock (_lock)
            _lost += examples;
    }

    /// <summary>Percentiles of the last ones, ms; null before the first.</summary>
    public (double P50, double P99)? Percentiles()
    {
        double[] sorted;
        lock (_lock)
            sorted = _last[..(int)Math.Min(Window, _served)];
        if (sorted.Length == 0)
            return null;
        Array.Sort(sorted);
        return (sorted[sorted.Length / 2], sorted[(int)(0.99 * (sorted.Length - 1))]);
    }
}
