using CourseRec.SystemTests.Harness;

namespace CourseRec.SystemTests.Kafka;

/// <summary>Platforms that post to a node all the time, until <see cref="FinishAsync"/>.</summary>
internal sealed class KafkaLoad : IDisposable
{
    private const int Partitions = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _giveUp = new(Limit);
    private readonly CrashWriter[] _writers;
    private readonly Task _writing;

    /// <summary>Starts to post.</summary>
    public KafkaLoad(Uri node)
    {
        _writers = [new("w0", node, Pause), new("w1", node, Pause)];
        _writing = Task.WhenAll(_writers.Select(writer => writer.RunAsync(_stop.Token, _giveUp.Token)));
    }

    /// <summary>Stops posting, and checks that a node has applied each accepted event exactly once, in order.</summary>
    public async Task FinishAsync(NodeProcess node)
    {
        await _stop.CancelAsync();
        await _writing;
        using var client = new NodeClient(node.Url);
        await Eventually.BecomesAsync(
            async () => (Pending: await PendingAsync(client), node.Output),
            state => state.Pending == 0,
            "everything is stored"
        );
        var users = _writers.SelectMany(writer => writer.Users).ToArray();
        Assert.NotEmpty(users);
        foreach (var user in users)
        {
            var expected = CrashWriter.CoursesOf(user).ToArray();
            var session = await client.AppliedAsync(user, expected.Length);
            Assert.Equal(expected, session.History.Select(entry => entry.Course));
            Assert.Equal(expected.Length, session.Applied);
        }
    }

    public void Dispose()
    {
        _giveUp.Cancel();
        _stop.Dispose();
        _giveUp.Dispose();
    }

    /// <summary>Records that are not stored yet; a partition that the node does not serve counts as one.</summary>
    private static async Task<long> PendingAsync(NodeClient client)
    {
        var partitions = (await client.GetAsync("v1/live")).GetProperty("lag").GetArrayLength();
        return Partitions - partitions + await client.UnstoredAsync();
    }
}
