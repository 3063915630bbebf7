using System.Globalization;
using CourseRec.Cli.Output;
using Spectre.Console;

namespace CourseRec.Cli.Targets;

/// <summary>
/// Sends a stream of events with its progress shown, waits until all of it is applied and stored, and sums up.
/// </summary>
public sealed class EventDelivery(IEventTarget target, IAnsiConsole console, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    /// <summary>Delivers everything.</summary>
    /// <param name="source">Named in each event and in what is shown.</param>
    /// <param name="events">The events, in order.</param>
    /// <param name="total">How many; null when they go on until stopped.</param>
    /// <param name="rate">Events per second; null for as fast as they are taken.</param>
    /// <param name="cancel">Stops early; what was sent is still waited for and summed up.</param>
    public async Task<DeliverySummary> RunAsync(
        string source,
        IEnumerable<OutgoingEvent> events,
        long? total,
        double? rate,
        CancellationToken cancel
    )
    {
        var started = time.GetTimestamp();
        var progress = new SendProgress();
        var work = DeliverAsync(source, events, rate, progress, cancel);
        var state = new SendRate(total, progress, time);
        await new ProgressDisplay(console, time).RunAsync($"{source} to {target.Name}", state.Read, work);
        return new DeliverySummary(progress, time.GetElapsedTime(started), await target.ReadStateAsync(default));
    }

    private async Task DeliverAsync(
        string source,
        IEnumerable<OutgoingEvent> events,
        double? rate,
        SendProgress progress,
        CancellationToken cancel
    )
    {
        using var sent = new CancellationTokenSource();
        var watching = WatchLagAsync(progress, sent.Token);
        try
        {
            await new EventSender(target, progress, time, source).SendAsync(events, rate, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested) { }
        finally
        {
            await sent.CancelAsync();
        }
        await watching;
    }

    /// <summary>Reads the lag now and then; once all is sent, until all of it is stored.</summary>
    private async Task WatchLagAsync(SendProgress progress, CancellationToken sent)
    {
        PipelineState? goal = null;
        while (true)
        {
            var isSent = sent.IsCancellationRequested;
            if (await TryReadStateAsync(isSent) is { } state)
            {
                progress.Lag = state.Lag;
                if (isSent)
                    goal ??= state;
                if (goal is not null && state.HasStoredAllOf(goal))
                    return;
            }
            await Task.Delay(Poll, time, isSent ? default : sent)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>While events are being sent, a node may be away for a moment: sending has its own patience.</summary>
    private async ValueTask<PipelineState?> TryReadStateAsync(bool isSent)
    {
        try
        {
            return await target.ReadStateAsync(default);
        }
        catch (CliException) when (!isSent)
        {
            return null;
        }
    }
}

/// <summary>What a delivery came to.</summary>
/// <param name="Progress">The counts.</param>
/// <param name="Elapsed">From the first event to the last one stored.</param>
/// <param name="State">The pipeline afterwards.</param>
public sealed record DeliverySummary(SendProgress Progress, TimeSpan Elapsed, PipelineState State)
{
    /// <summary>Prints the figures and every contender's quality.</summary>
    public void Print(IAnsiConsole console, string title, params ReadOnlySpan<(string Name, long Value)> more)
    {
        var table = Tables.New(title, "", "value");
        table.Add("events sent", Whole(Progress.Sent));
        table.Add("accepted", Whole(Progress.Accepted));
        table.Add("rejected", Whole(Progress.Rejected));
        table.Add("seconds, until stored", Fixed(Elapsed.TotalSeconds, "0.0"));
        table.Add("events/s", Whole((long)(Progress.Accepted / Math.Max(Elapsed.TotalSeconds, 0.001))));
        foreach (var (name, value) in more)
            table.Add(name, Whole(value));
        console.Write(table);
        if (Progress.FirstReason is { } reason)
            console.WriteLine($"The first rejected event: {reason}");
        PrintQuality(console);
    }

    private void PrintQuality(IAnsiConsole console)
    {
        var table = Tables.New("prequential quality, all judged events", "contender", "events", "HR@10", "NDCG@10");
        foreach (var contender in State.Quality)
        {
            table.Add(
                contender.Name,
                Whole(contender.Events),
                Fixed(contender.HitRate10, "0.0000"),
                Fixed(contender.Ndcg10, "0.0000")
            );
        }
        console.Write(table);
    }

    private static string Whole(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Fixed(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
