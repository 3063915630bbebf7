using CourseRec.Benchmarks.Online.Streams;
using CourseRec.Cli.Targets;

namespace CourseRec.Benchmarks.Online.Live;

/// <summary>
/// Sends a stream as fast as it is learned from, repetition included: what waits is bounded, so that nothing is
/// dropped and learning gets what it would get on a platform with fewer events a second.
/// </summary>
internal sealed class StreamFeeder(OnlinePipeline pipeline, IBenchStream stream)
{
    private const long MaxLag = 1_000;
    private const int MaxPending = 1_000;
    private const long MaxOwed = 10_000;
    private readonly EventBatch _batch = new("bench");
    private int _sent;

    /// <summary>Events sent so far.</summary>
    public int Sent => Volatile.Read(ref _sent);

    /// <summary>
    /// Sends the events from one place of the stream to another, and waits until all is learned and served.
    /// </summary>
    /// <param name="items">The stream from where it was left.</param>
    /// <param name="until">Events sent in all when it ends.</param>
    /// <param name="cancel">Ends it early.</param>
    public async Task FeedAsync(IEnumerator<StreamItem> items, int until, CancellationToken cancel)
    {
        until = Math.Min(until, stream.Events);
        while (_sent < until && items.MoveNext())
        {
            if (items.Current.Launched.Count > 0)
            {
                await SendAsync(cancel);
                await pipeline.LaunchAsync(items.Current.Launched, cancel);
            }
            await AddAsync(items.Current.Event, cancel);
            Volatile.Write(ref _sent, _sent + 1);
        }
        await SendAsync(cancel);
        await pipeline.DrainAsync(cancel);
    }

    private async Task AddAsync(OutgoingEvent e, CancellationToken cancel)
    {
        if (_batch.TryAdd(e))
            return;
        await SendAsync(cancel);
        _batch.TryAdd(e);
    }

    private async Task SendAsync(CancellationToken cancel)
    {
        if (_batch.Count == 0)
            return;
        await pipeline.WaitAsync(MaxLag, MaxPending, MaxOwed, cancel);
        await pipeline.SendAsync(_batch.Complete(), cancel);
        _batch.Clear();
    }
}
