using CourseRec.SystemTests.Harness;

namespace CourseRec.SystemTests.Cluster;

/// <summary>New learners all the time, who take twelve courses one after another, of forty: something to learn from. Posted to one node.</summary>
internal sealed class Learners : IAsyncDisposable
{
    private const int Courses = 40;
    private const int Each = 12;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private readonly string _life = Guid.NewGuid().ToString("n")[..8];
    private readonly CancellationTokenSource _stop = new();
    private readonly NodeClient _client;
    private readonly Task _learning;
    private int _users;

    public Learners(Uri node)
    {
        _client = new(node);
        _learning = LearnAsync();
    }

    /// <summary>The last user whose events were all accepted.</summary>
    public string Latest => UserOf(Volatile.Read(ref _users) - 1);

    /// <summary>Events that every user has.</summary>
    public static int Events => Each;

    /// <summary>Stops.</summary>
    public async Task EndAsync()
    {
        await _stop.CancelAsync();
        await _learning;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _client.Dispose();
        _stop.Dispose();
    }

    private string UserOf(int user) => $"{_life}-{user}";

    private async Task LearnAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var (user, now) = (UserOf(_users), TimeProvider.System.GetUtcNow());
            TestEvent[] events =
            [
                .. Enumerable
                    .Range(0, Each)
                    .Select(i => new TestEvent($"{user}-{i}", user, $"c{(_users + i) % Courses}", "enroll", now)),
            ];
            await _client.PostAsync(events, CancellationToken.None);
            Interlocked.Increment(ref _users);
            await Task.Delay(Interval, TimeProvider.System);
        }
    }
}
