using CourseRec.Actors.Partitions;

namespace CourseRec.Node.Operations;

/// <summary>Events applied a second, over the last 5 seconds; looked at every second.</summary>
internal sealed class AppliedRate(SessionHost sessions, TimeProvider time) : BackgroundService
{
    private const int Kept = 6;
    private readonly Queue<(long At, long Applied)> _samples = new();
    private double _perSecond;

    /// <summary>The rate now.</summary>
    public double PerSecond => Volatile.Read(ref _perSecond);

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        while (!stop.IsCancellationRequested && await timer.WaitForNextTickAsync(stop))
            Sample(time.GetTimestamp(), sessions.Shards.Sum(s => s.Applied));
    }

    private void Sample(long at, long applied)
    {
        _samples.Enqueue((at, applied));
        if (_samples.Count > Kept)
            _samples.Dequeue();
        var (since, before) = _samples.Peek();
        var seconds = time.GetElapsedTime(since, at).TotalSeconds;
        Volatile.Write(ref _perSecond, seconds > 0 ? Math.Round(Math.Max(0, applied - before) / seconds, 1) : 0);
    }
}
