using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace CourseRec.Actors.Hosting;

/// <summary>
/// Akka's timers on a thread of their own. Akka's scheduler ticks on the thread pool: behind some thousands of
/// connections that a node takes at once it stood still for 8 s, and no heartbeat was sent meanwhile.
/// <para>
/// What is due within the same <c>tick-duration</c> is done at once. What comes again and again, every 200 ms or more
/// seldom, and what has a second's time or more, comes at the same moments: a message between nodes wakes some six
/// threads one after the other, and several that go together no more than one does. Such waking is what a resting node
/// costs.
/// </para>
/// </summary>
public sealed class ThreadScheduler : SchedulerBase, IDateTimeOffsetNowTimeProvider, IDisposable
{
    private static readonly TimeSpan Seldom = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(1);
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly PriorityQueue<Entry, long> _entries = new();
    private readonly long _tick;
    private readonly ILoggingAdapter _log;
    private bool _isStopped;

    /// <summary>Made by Akka.</summary>
    public ThreadScheduler(Config scheduler, ILoggingAdapter log)
        : base(scheduler, log)
    {
        (_tick, _log) = ((long)scheduler.GetTimeSpan("akka.scheduler.tick-duration").TotalMilliseconds, log);
        new Thread(Run) { IsBackground = true, Name = "akka scheduler" }.Start();
    }

    /// <inheritdoc/>
    public override TimeSpan MonotonicClock => Stopwatch.GetElapsedTime(0);

    /// <inheritdoc/>
    public override TimeSpan HighResMonotonicClock => Stopwatch.GetElapsedTime(0);

    /// <inheritdoc/>
    protected override DateTimeOffset TimeNow => TimeProvider.System.GetUtcNow();

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_entries)
        {
            _isStopped = true;
            Monitor.Pulse(_entries);
        }
    }

    /// <inheritdoc/>
    protected override void InternalScheduleTellOnce(
        TimeSpan delay,
        ICanTell receiver,
        object message,
        IActorRef sender,
        ICancelable cancelable
    ) => Add(delay, null, () => receiver.Tell(message, sender), cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleTellRepeatedly(
        TimeSpan initialDelay,
        TimeSpan interval,
        ICanTell receiver,
        object message,
        IActorRef sender,
        ICancelable cancelable
    ) => Add(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) =>
        Add(delay, null, action, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) =>
        Add(delay, null, action.Run, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleRepeatedly(
        TimeSpan initialDelay,
        TimeSpan interval,
        Action action,
        ICancelable cancelable
    ) => Add(initialDelay, interval, action, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleRepeatedly(
        TimeSpan initialDelay,
        TimeSpan interval,
        IRunnable action,
        ICancelable cancelable
    ) => Add(initialDelay, interval, action.Run, cancelable);

    /// <summary>When something is due, in milliseconds.</summary>
    /// <param name="now">Now.</param>
    /// <param name="delay">How long it has time.</param>
    /// <param name="interval">How often it comes after that; null: once.</param>
    internal static long DueAt(long now, TimeSpan delay, TimeSpan? interval)
    {
        var at = now + (long)delay.TotalMilliseconds;
        var step = interval ?? (delay < Patient ? TimeSpan.Zero : Seldom);
        var milliseconds = (long)step.TotalMilliseconds;
        return step < Seldom ? at : (at + milliseconds - 1) / milliseconds * milliseconds;
    }

    private long Now => (long)Stopwatch.GetElapsedTime(_began).TotalMilliseconds;

    private void Add(TimeSpan delay, TimeSpan? interval, Action action, ICancelable? cancelable)
    {
        var at = DueAt(Now, delay, interval);
        lock (_entries)
        {
            if (_isStopped)
                return;
            var isFirst = !_entries.TryPeek(out _, out var first) || at < first;
            _entries.Enqueue(new(action, interval, cancelable), at);
            if (isFirst)
                Monitor.Pulse(_entries);
        }
    }

    private void Run()
    {
        while (Next() is var (entry, at))
        {
            if (entry.Cancelable is { IsCancellationRequested: true })
                continue;
            try
            {
                entry.Action();
            }
            catch (Exception e)
            {
                _log.Error(e, "What was scheduled failed: {0}", e.Message);
            }
            if (entry.Interval is { } interval)
                lock (_entries)
                    _entries.Enqueue(entry, Math.Max(at + (long)interval.TotalMilliseconds, Now));
        }
    }

    /// <summary>Waits for the next entry. Answers null when there is to be none.</summary>
    private (Entry Entry, long At)? Next()
    {
        lock (_entries)
        {
            while (!_isStopped)
            {
                if (!_entries.TryPeek(out var entry, out var at))
                    Monitor.Wait(_entries);
                else if (at - Now is > 0 and var left)
                    Monitor.Wait(_entries, TimeSpan.FromMilliseconds(Math.Max(left, _tick)));
                else
                {
                    _entries.Dequeue();
                    return (entry, at);
                }
            }
            return null;
        }
    }

    private sealed record Entry(Action Action, TimeSpan? Interval, ICancelable? Cancelable);
}
