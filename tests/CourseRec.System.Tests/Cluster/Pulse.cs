using CourseRec.SystemTests.Harness;

namespace CourseRec.SystemTests.Cluster;

/// <summary>Learners who do something five times a second each, posted to one node, so that their lists change all the time.</summary>
internal sealed class Pulse : IAsyncDisposable
{
    private const int Courses = 40;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private readonly CancellationTokenSource _stop = new();
    private readonly NodeClient _client;
    private readonly Task _beating;
    private int _beats;

    public Pulse(Uri node, string[] users)
    {
        _client = new(node);
        _beating = BeatAsync(users);
    }

    /// <summary>Stops. Answers how many events of each user were accepted.</summary>
    public async Task<int> EndAsync()
    {
        await _stop.CancelAsync();
        await _beating;
        return _beats;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task BeatAsync(string[] users)
    {
        var life = Guid.NewGuid().ToString("n");
        while (!_stop.IsCancellationRequested)
        {
            var now = TimeProvider.System.GetUtcNow();
            TestEvent[] events =
            [
                .. users.Select(user => new TestEvent(
                    $"{life}-{user}-{_beats}",
                    user,
                    $"c{_beats % Courses}",
                    "click",
                    now
                )),
            ];
            await _client.PostAsync(events, CancellationToken.None);
            _beats++;
            await Task.Delay(Interval, TimeProvider.System);
        }
    }
}
