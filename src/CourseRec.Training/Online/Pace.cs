namespace CourseRec.Training.Online;

/// <summary>
/// The trainer's waits, all of which end at once when it is to stop: so long that busy / (busy + waiting) stays within
/// its share.
/// </summary>
internal sealed class Pace : IDisposable
{
    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(4); // shorter ones are put together

    private readonly TimeProvider _time;
    private readonly double _restOfBusy;
    private readonly WaitHandle _stop;
    private readonly AutoResetEvent _elapsed = new(false);
    private readonly ITimer _timer;
    private TimeSpan _owed;

    public Pace(TimeProvider time, double share, WaitHandle stop)
    {
        (_time, _stop, _restOfBusy) = (time, stop, (1 - share) / share);
        _timer = time.CreateTimer(_ => _elapsed.Set(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// Rests as long as this much work makes necessary; what a wait took too long is credited to the next.
    /// </summary>
    public void Rest(TimeSpan busy)
    {
        _owed += busy * _restOfBusy;
        if (_owed < ShortestRest)
            return;
        var began = _time.GetTimestamp();
        Wait(_owed, _stop, _elapsed);
        _owed -= _time.GetElapsedTime(began);
    }

    /// <summary>Waits until something happens, for this long at most.</summary>
    public void Idle(TimeSpan most, WaitHandle something)
    {
        _owed = TimeSpan.Zero;
        Wait(most, _stop, something, _elapsed);
    }

    public void Dispose()
    {
        _timer.Dispose();
        _elapsed.Dispose();
    }

    private void Wait(TimeSpan span, params WaitHandle[] handles)
    {
        if (span <= TimeSpan.Zero)
            return;
        _elapsed.Reset();
        _timer.Change(span, Timeout.InfiniteTimeSpan);
        WaitHandle.WaitAny(handles);
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
