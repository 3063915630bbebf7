namespace CourseRec.Streams.Tests.Embedded;

/// <summary>A clock that stands still until it is moved; moving it fires every timer once.</summary>
internal sealed class ManualTime(long unixMilliseconds) : TimeProvider
{
    private readonly List<Timer> _timers = [];
    private long _now = unixMilliseconds;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Interlocked.Read(ref _now));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(() => callback(state));
        _timers.Add(timer);
        return timer;
    }

    public void Move(TimeSpan by)
    {
        Interlocked.Add(ref _now, (long)by.TotalMilliseconds);
        foreach (var timer in _timers)
            timer.Fire();
    }

    private sealed class Timer(Action fire) : ITimer
    {
        private bool _isDisposed;

        public void Fire()
        {
            if (!_isDisposed)
                fire();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => _isDisposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
