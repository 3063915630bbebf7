using System.Threading.Channels;

namespace CourseRec.Cli.Targets;

/// <summary>
/// Sends a stream of events in batches over several lanes. A user's events share a lane, and a lane has one request in
/// flight, so that each user's order holds. Bounded: two batches a lane; when both are full, the stream waits.
/// </summary>
public sealed class EventSender(IEventTarget target, SendProgress progress, TimeProvider time, string source)
{
    private const int LaneCount = 8;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    /// <summary>Sends all events; completes when all are answered.</summary>
    /// <param name="events">The events, in order.</param>
    /// <param name="rate">Events per second; null for as fast as they are taken.</param>
    /// <param name="cancel">Stops after the requests in flight.</param>
    public async Task SendAsync(IEnumerable<OutgoingEvent> events, double? rate, CancellationToken cancel)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var lanes = Enumerable.Range(0, LaneCount).Select(_ => new Lane(source)).ToArray();
        var running = Array.ConvertAll(lanes, lane => RunAsync(lane, failed));
        try
        {
            await (
                rate is { } limit
                    ? PaceAsync(events, lanes, limit, failed.Token)
                    : FillAsync(events, lanes, failed.Token)
            );
        }
        finally
        {
            foreach (var lane in lanes)
                lane.Full.Writer.TryComplete();
            await Task.WhenAll(running);
        }
    }

    private static async Task FillAsync(IEnumerable<OutgoingEvent> events, Lane[] lanes, CancellationToken cancel)
    {
        foreach (var e in events)
            await AddAsync(lanes, e, cancel);
        await FlushAsync(lanes, cancel);
    }

    private async Task PaceAsync(IEnumerable<OutgoingEvent> events, Lane[] lanes, double rate, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        var sent = 0L;
        using var timer = new PeriodicTimer(Tick, time);
        foreach (var e in events)
        {
            while (sent >= time.GetElapsedTime(started).TotalSeconds * rate)
            {
                await FlushAsync(lanes, cancel);
                await timer.WaitForNextTickAsync(cancel);
            }
            await AddAsync(lanes, e, cancel);
            sent++;
        }
        await FlushAsync(lanes, cancel);
    }

    private static async ValueTask AddAsync(Lane[] lanes, OutgoingEvent e, CancellationToken cancel)
    {
        var lane = lanes[(uint)string.GetHashCode(e.User, StringComparison.Ordinal) % (uint)lanes.Length];
        while (!lane.Filling.TryAdd(e))
            await lane.HandOverAsync(cancel);
    }

    private static async ValueTask FlushAsync(Lane[] lanes, CancellationToken cancel)
    {
        foreach (var lane in lanes)
        {
            if (lane.Filling.Count > 0)
                await lane.HandOverAsync(cancel);
        }
    }

    private async Task RunAsync(Lane lane, CancellationTokenSource failed)
    {
        try
        {
            await foreach (var batch in lane.Full.Reader.ReadAllAsync(failed.Token))
            {
                progress.Add(batch.Count, await target.SendAsync(batch.Complete(), failed.Token));
                batch.Clear();
                lane.Free.Writer.TryWrite(batch);
            }
        }
        catch
        {
            await failed.CancelAsync();
            throw;
        }
    }

    private sealed class Lane
    {
        public Lane(string source)
        {
            Filling = new EventBatch(source);
            Free.Writer.TryWrite(new EventBatch(source));
        }

        public EventBatch Filling { get; private set; }

        public Channel<EventBatch> Full { get; } = Channel.CreateBounded<EventBatch>(1);

        public Channel<EventBatch> Free { get; } = Channel.CreateBounded<EventBatch>(2);

        public async ValueTask HandOverAsync(CancellationToken cancel)
        {
            await Full.Writer.WriteAsync(Filling, cancel);
            Filling = await Free.Reader.ReadAsync(cancel);
        }
    }
}
