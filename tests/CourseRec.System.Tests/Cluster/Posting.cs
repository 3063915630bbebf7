using CourseRec.SystemTests.Harness;

namespace CourseRec.SystemTests.Cluster;

/// <summary>A request of events five times a second, posted to one node until each is accepted.</summary>
internal abstract class Posting : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private readonly CancellationTokenSource _stop = new();
    private readonly NodeClient _client;
    private readonly Task _posting;
    private int _posted;

    protected Posting(Uri node, Func<int, TestEvent[]> next)
    {
        _client = new(node);
        _posting = PostAsync(next);
    }

    /// <summary>Requests that were accepted so far.</summary>
    protected int Posted => Volatile.Read(ref _posted);

    /// <summary>Stops. Answers how many requests were accepted.</summary>
    public async Task<int> EndAsync()
    {
        await _stop.CancelAsync();
        await _posting;
        return _posted;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task PostAsync(Func<int, TestEvent[]> next)
    {
        while (!_stop.IsCancellationRequested)
        {
            await _client.PostAsync(next(_posted), CancellationToken.None);
            Interlocked.Increment(ref _posted);
            await Task.Delay(Interval, TimeProvider.System);
        }
    }
}
